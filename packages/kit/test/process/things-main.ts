import { z } from 'zod';
import type { Call } from '../../src/call';
import { busGroup, mongoGroup, parseConfig, portOf, processGroup, signingGroup } from '../../src/config';
import { runService } from '../../src/run-service';
import { buildSubgraph } from '../../src/subgraph';
import { thingsSchema } from '../http/things-schema';

/** A service as every main.ts has it, for tests to start as a process. */
const configSchema = z.object({
  ...processGroup.shape,
  ...mongoGroup.shape,
  ...busGroup.shape,
  ...signingGroup.shape,
  THINGS_PORT: portOf(4009),
});

void runService({
  name: 'things',
  loadConfig: () => parseConfig(configSchema, process.env),
  port: ({ THINGS_PORT }) => THINGS_PORT,
  build: ({ SIGNING_KEYS }, { connection, clock, logger }) =>
    buildSubgraph<Call>({
      name: 'things',
      schema: thingsSchema(),
      createContext: (call) => call,
      signingKeys: SIGNING_KEYS,
      clock,
      logger,
      checks: { mongodb: async () => connection.db?.command({ ping: 1 }) },
    }),
});
