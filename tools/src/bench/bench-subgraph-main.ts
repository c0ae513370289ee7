import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLFieldResolver, parse } from 'graphql';
import { z } from 'zod';
import { graphNamed } from './measured-graphs';
import { isUnkept } from './unkept-operations';

const requestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

interface Answer {
  readonly text: Buffer;
  readonly cacheControl: string;
}

/** Serves one subgraph of a graph; equal requests are answered from memory, so that gateways are what is measured. */
function serve(graph: string, name: string, port: number): void {
  const subgraph = graphNamed(graph).subgraphs.find((candidate) => candidate.name === name);
  if (!subgraph) throw new Error(`no subgraph ${name}`);
  const { typeDefs, resolvers = {}, fieldResolver } = subgraph;
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers });
  const answers = new Map<string, Answer>();

  async function answerTo(body: string): Promise<Answer> {
    const known = answers.get(body);
    if (known) return known;
    const { query, variables } = requestSchema.parse(JSON.parse(body));
    const executed = await execute({
      schema,
      document: parse(query),
      rootValue: {},
      variableValues: variables,
      fieldResolver: fieldResolver as GraphQLFieldResolver<unknown, unknown>,
    });
    const answer: Answer = {
      text: Buffer.from(JSON.stringify(executed)),
      cacheControl: isUnkept(query) ? 'no-store' : 'max-age=60, public',
    };
    answers.set(body, answer);
    return answer;
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answerTo(Buffer.concat(chunks).toString('utf8')).then(
        ({ text, cacheControl }) => {
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-length': text.length,
            'cache-control': cacheControl,
          });
          response.end(text);
        },
        () => response.writeHead(400).end(),
      );
    });
  });
  server.keepAliveTimeout = 600_000;
  server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
}

const [, , graph = '', name = '', port = ''] = process.argv;
serve(graph, name, Number(port));
