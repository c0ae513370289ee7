import { type SigningKeys, signRequest, systemClock, type Viewer } from '@shopgraph/kit';
import { request } from 'undici';
import { z } from 'zod';

const answerSchema = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string(), extensions: z.unknown() })).default([]),
});

interface SubgraphCall<Data extends z.ZodType> {
  readonly query: string;
  readonly variables: object;
  /** What the data must look like. */
  readonly data: Data;
}

/** Makes a function that calls subgraphs directly, past the gateway: signed, on behalf of `viewer`. */
export function subgraphCaller(viewer: Viewer, keys: SigningKeys) {
  /** @throws Error for an answer with errors, or one of another shape. */
  return async function call<Data extends z.ZodType>(
    origin: string,
    { query, variables, data }: SubgraphCall<Data>,
  ): Promise<z.output<Data>> {
    const [method, path, body] = ['POST', '/graphql', JSON.stringify({ query, variables })] as const;
    const signature = signRequest({ method, path, body }, viewer, keys, systemClock);
    const headers = { 'content-type': 'application/json', ...signature };
    const response = await request(origin + path, { method, headers, body });
    const answer = answerSchema.parse(await response.body.json());
    if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors));
    return data.parse(answer.data);
  };
}
