import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import type { GatewayContext } from './context';

/** A graph in Apollo GraphOS. */
export interface GraphRef {
  readonly key: string;
  /** `name@variant`. */
  readonly ref: string;
  /** Where reports go; Apollo's own address where undefined. */
  readonly reportsTo: string | undefined;
}

/**
 * Reports to the graph which operations and fields are used, without values of variables, headers and texts of
 * errors; without a graph nothing is ever reported, whatever else the environment holds.
 */
export function usageReporting(graph: GraphRef | null): ApolloServerPlugin<GatewayContext>[] {
  if (graph === null) {
    return [ApolloServerPluginUsageReportingDisabled(), ApolloServerPluginSchemaReportingDisabled()];
  }
  return [
    ApolloServerPluginUsageReporting({
      sendVariableValues: { none: true },
      sendHeaders: { none: true },
      sendErrors: { masked: true },
      ...(graph.reportsTo !== undefined && { endpointUrl: graph.reportsTo }),
    }),
  ];
}
