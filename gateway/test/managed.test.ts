import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { users } from './shop';
import { compose, startShop } from './start-gateway';
import type { TestSubgraph } from './start-subgraph';

/** Answers like Apollo Uplink (https://uplink.api.apollographql.com), and takes reports. */
async function startUplink() {
  const state = { id: '1', supergraphSdl: '', asked: [] as { ref: string; apiKey: string }[], reports: [] as Buffer[] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/reports/api/ingress/traces') {
      state.reports.push(gunzipSync(Buffer.concat(chunks)));
      return void response.end('{}');
    }
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    state.asked.push(variables);
    const routerConfig =
      variables.ifAfterId === state.id
        ? { __typename: 'Unchanged' }
        : { __typename: 'RouterConfigResult', id: state.id, supergraphSdl: state.supergraphSdl, minDelaySeconds: 0.05 };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: { routerConfig } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a gateway of a graph in Apollo GraphOS', () => {
  it('serves what is published there, and what is published later, and reports usage without values', async () => {
    const uplink = await startUplink();
    const source = await startShop();
    const subgraphs = Object.values<TestSubgraph>(source.subgraphs);
    uplink.state.supergraphSdl = compose(subgraphs.filter(({ name }) => name === users.name));
    const managed = await startShop({
      APOLLO_KEY: 'service:shop:secret',
      APOLLO_GRAPH_REF: 'shop@current',
      APOLLO_UPLINK_ENDPOINTS: uplink.url,
      APOLLO_USAGE_REPORTING_ENDPOINT: `${uplink.url}reports`,
      SUPERGRAPH_PATH: '/nowhere',
    });

    expect((await managed.send('{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
    expect((await managed.send('{ best }')).status).toBe(400);
    expect(uplink.state.asked[0]).toMatchObject({ ref: 'shop@current', apiKey: 'service:shop:secret' });

    Object.assign(uplink.state, { id: '2', supergraphSdl: compose(subgraphs) });
    while ((await managed.send('{ best }')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 10));

    await managed.send('query Avatar($size: Int) { me { avatar(size: $size) } }', { size: 424242 });
    await managed.stop();
    const reported = Buffer.concat(uplink.state.reports).toString('latin1');
    expect(reported).toContain('query Avatar');
    expect(reported).not.toContain('424242');

    await source.stop();
    uplink.stop();
  });
});
