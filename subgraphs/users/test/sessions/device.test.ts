import { deviceOf } from '../../src/sessions/device';

describe('a device', () => {
  it.each([
    ['Firefox on Windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0'],
    [
      'Safari on iOS',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    ],
    [
      'Chrome on Android',
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36',
    ],
    ['Unknown device', 'curl/8.0'],
    ['Unknown device', 'Visit evil.example now/1 please'],
    ['Unknown device', ' '],
    ['Unknown device', ''],
    ['Unknown device', null],
  ])('is called %s', (name, userAgent) => {
    expect(deviceOf(userAgent)).toBe(name);
  });
});
