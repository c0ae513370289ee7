import { buildSubgraph, type Call, type Clock } from '@shopgraph/kit';
import { testKeys } from '@shopgraph/kit/testing';
import { buildSchema, type GraphQLFieldResolver } from 'graphql';
import { pino } from 'pino';

type Resolvers = Readonly<Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, Call>>>>>;

/** Stands between a caller and an effect: lets it happen, refuses it, or loses its answer. */
export type Interception = <Value>(effect: () => Value) => Value | Promise<Value>;

/** Lets it happen. */
export const pass: Interception = (effect) => effect();

/** Serves a sibling's contract over real, signed HTTP. `hang` never answers until the fake is stopped. */
export async function startFakeSubgraph(name: string, sdl: string, resolvers: Resolvers, clock: Clock) {
  const schema = buildSchema(sdl);
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!type || !('getFields' in type)) throw new Error(`${typeName} is not in the contract`);
    for (const [field, resolve] of Object.entries(fields)) Object.assign(type.getFields()[field] ?? {}, { resolve });
  }
  const service = await buildSubgraph<Call>({
    name,
    schema,
    createContext: (call) => call,
    signingKeys: testKeys,
    clock,
    logger: pino({ level: 'silent' }),
  });
  const { origin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
  return { url: `${origin}/graphql`, stop: () => service.close() };
}

/** Something that does not come until it is told to. */
export function aHang() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return { release, released };
}
