import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLFieldResolver, parse } from 'graphql';
import { z } from 'zod';
import { graphNamed } from './measured-graphs';

const requestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** Serves one subgraph of a graph; equal requests are answered from memory, so that gateways are what is measured. */
function serve(graph: string, name: string, port: number): void {
  const subgraph = graphNamed(graph).subgraphs.find((candidate) => candidate.name === name);
  if (!subgraph) throw new Error(`no subgraph ${name}`);
  const { typeDefs, resolvers = {}, fieldResolver } = subgraph;
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers });
  const answers = new Map<string, Buffer>();

  async function answerTo(body: string): Promise<Buffer> {
    const known = answers.get(body);
    if (known) return known;
    const { query, variables } = requestSchema.parse(JSON.parse(body));
    const answer = Buffer.from(
      JSON.stringify(
        await execute({
          schema,
          document: parse(query),
          rootValue: {},
          variableValues: variables,
          fieldResolver: fieldResolver as GraphQLFieldResolver<unknown, unknown>,
        }),
      ),
    );
    answers.set(body, answer);
    return answer;
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answerTo(Buffer.concat(chunks).toString('utf8')).then(
        (answer) => {
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-length': answer.length,
            'cache-control': 'max-age=60, public',
          });
          response.end(answer);
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
