import { readEvents, type ServerSentEvent } from '../../src/subscriptions/event-stream-reader';

async function read(...chunks: readonly (string | Uint8Array)[]): Promise<ServerSentEvent[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(stream())) events.push(event);
  return events;
}

describe('events of a subgraph', () => {
  it('are read wherever they are cut, within a character too', async () => {
    const text = ': hello\n\nevent: next\ndata: {"a":"ü€"}\n\nevent: complete\ndata:\n\n';
    const bytes = Buffer.from(text);
    const expected = [
      { type: 'next', data: '{"a":"ü€"}' },
      { type: 'complete', data: '' },
    ];
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(expected);
    }
  });

  it('end in any of the line ends, and have lines of data put together', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      // A carriage return is an end for sure only when something follows.
      const stream = ['data: a', 'data: b', 'retry: 5', 'unknown: c', '', ': more'].join(end) + end;
      expect(await read(stream)).toEqual([{ type: 'message', data: 'a\nb' }]);
    }
  });

  it('do not count without data, nor when they break off', async () => {
    expect(await read('event: next\n\n', 'data: a\n')).toEqual([]);
  });

  it('may not be of any size', async () => {
    const part = 'x'.repeat(1024 * 1024);
    await expect(read('data: ', ...Array.from({ length: 9 }, () => part))).rejects.toThrow('max buffer size');
    await expect(read(...Array.from({ length: 9 }, () => `data: ${part}\n`))).rejects.toThrow('max buffer size');
    expect(await read(...Array.from({ length: 9 }, () => `data: ${part}\n\n`))).toHaveLength(9);
  });
});
