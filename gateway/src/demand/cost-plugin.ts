import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context';
import { standingHeaders } from './standing-headers';
import type { Bill, DemandControl } from './demand-control';

/** Clients that send it as `true` get what their operation has cost beside the answer. */
const COST_HEADER = 'x-shopgraph-cost';

interface CostPluginOptions {
  readonly control: DemandControl;
  /** Whether callers who are known are counted by cost only, and told where they stand. */
  readonly countsByCost: boolean;
}

/**
 * Has every operation paid for between its validation and its execution, aliases and all, and each of a batch. Writes
 * `extensions.cost` where the client asks for it.
 */
export function weighOperations({ control, countsByCost }: CostPluginOptions): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      let bill: Bill | null = null;
      return {
        async didResolveOperation({ schema, document, operation, queryHash, request, contextValue }) {
          if (!operation) return;
          const asked = { schema, document, operation, queryHash, variables: request.variables ?? {} };
          const admission = await control.admit(asked, contextValue);
          bill = admission.bill;
          if (admission.refusal) throw admission.refusal;
        },
        async willSendResponse({ request, response, contextValue }) {
          const isCountedByCost = countsByCost && contextValue.viewer.kind !== 'anonymous';
          if (!bill && isCountedByCost) bill = await control.admitFailure(contextValue);
          if (!bill) return;
          if (isCountedByCost && bill.standing) {
            for (const [name, value] of standingHeaders(bill.standing)) response.http.headers.set(name, value);
          }
          const isAskedFor = request.http?.headers.get(COST_HEADER) === 'true';
          if (!isAskedFor || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          const { requested, standing } = bill;
          singleResult.extensions = { ...singleResult.extensions, cost: { requested, ...standing } };
        },
      };
    },
  };
}
