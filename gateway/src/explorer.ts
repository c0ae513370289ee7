import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from './context';

/** Shows browsers that ask for /graphql Apollo Sandbox, or nothing. */
export function explorer(isShown: boolean): ApolloServerPlugin<GatewayContext> {
  if (!isShown) return ApolloServerPluginLandingPageDisabled();
  return ApolloServerPluginLandingPageLocalDefault({ footer: false, embed: { runTelemetry: false } });
}

/** Leads those who open the bare address to the explorer. */
export function redirectToExplorer(app: FastifyInstance): void {
  app.get('/', async (_request, reply) => reply.redirect('/graphql'));
}
