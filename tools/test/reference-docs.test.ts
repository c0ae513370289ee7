import { ERRORS, portOf } from '@shopgraph/kit';
import { z } from 'zod';
import { configurationPage, environmentExample } from '../src/reference-docs-configuration';
import { errorsPage } from '../src/reference-docs-errors';
import { variablesOf } from '../src/reference-docs-variables';

const level = z.enum(['info', 'debug']).default('info').describe('How much is logged.');
const gateway = z
  .object({
    LOG_LEVEL: level,
    KEYS: z
      .string()
      .transform((text) => text.split(','))
      .describe('Signs | verifies.'),
    ISSUER: z.string().default('me').describe('Who must have issued.'),
    ORIGINS: z.string().transform(Boolean).default(false).describe('Who may read.'),
  })
  .refine(() => true);
const users = z.object({
  LOG_LEVEL: level,
  ISSUER: z.string().default('me').describe('Who issues.'),
  USERS_PORT: portOf(4001),
  PUBLIC_URL: z.url().optional().describe('Where links lead.'),
});
const services = [
  { name: 'gateway', config: gateway },
  { name: 'users', config: users },
];

describe('a variable', () => {
  it('has its type, its default and who reads it, taken from the schema', () => {
    expect(variablesOf(services)).toEqual([
      {
        name: 'ISSUER',
        type: 'string',
        default: 'me',
        isRequired: false,
        descriptions: ['In gateway: Who must have issued.', 'In users: Who issues.'],
        readBy: ['gateway', 'users'],
      },
      expect.objectContaining({ name: 'KEYS', type: 'string', default: null, isRequired: true }),
      {
        name: 'LOG_LEVEL',
        type: '`info`, `debug`',
        default: 'info',
        isRequired: false,
        descriptions: ['How much is logged.'],
        readBy: ['gateway', 'users'],
      },
      expect.objectContaining({ name: 'ORIGINS', default: null, isRequired: false }),
      expect.objectContaining({ name: 'PUBLIC_URL', type: 'URL', default: null, isRequired: false }),
      expect.objectContaining({ name: 'USERS_PORT', type: 'integer', default: '4001', readBy: ['users'] }),
    ]);
  });

  it('must be described', () => {
    const silent = { name: 'silent', config: z.object({ SECRET: z.string() }) };
    expect(() => variablesOf([silent])).toThrow('silent: SECRET has no description');
  });

  it('must not have two defaults', () => {
    const other = { name: 'orders', config: z.object({ ISSUER: z.string().default('you').describe('Who.') }) };
    expect(() => variablesOf([...services, other])).toThrow(
      'ISSUER has another type or default in orders than in gateway',
    );
  });
});

describe('the pages', () => {
  const variables = variablesOf(services);

  it('tell first what several services read, then what one does; what must be set comes first', () => {
    const lines = configurationPage(variables).split('\n');
    const titles = lines.filter((line) => /^(## |\| `)/.test(line)).map((line) => line.split('|')[1]?.trim() ?? line);
    expect(titles).toEqual([
      '## Several services',
      '`ISSUER`',
      '`LOG_LEVEL`',
      '## gateway',
      '`KEYS`',
      '`ORIGINS`',
      '## users',
      '`PUBLIC_URL`',
      '`USERS_PORT`',
    ]);
    expect(lines).toContain('| `KEYS` | string | must be set | gateway | Signs \\| verifies. |');
    expect(lines).toContain('| `LOG_LEVEL` | `info`, `debug` | `info` | all | How much is logged. |');
  });

  it('leave nothing to do in .env but what must be set', () => {
    const example = environmentExample(variables);
    expect(example).toContain('# Signs | verifies.\n# Must be set.\nKEYS=\n');
    expect(example).toContain('# How much is logged.\n# One of info, debug.\n# LOG_LEVEL=info\n');
    const set = example.split('\n').filter((line) => /^[A-Z_]+=/.test(line));
    expect(set).toEqual(['KEYS=']);
  });

  it('list every error code with its status and message', () => {
    const page = errorsPage(ERRORS);
    for (const [code, { httpStatus, message }] of Object.entries(ERRORS)) {
      expect(page).toContain(`| \`${code}\` | ${httpStatus} | ${message} |`);
    }
  });
});
