import { loadConfig as loadGatewayConfig, ratesOf } from '@shopgraph/gateway';
import { operationsPortOf } from '@shopgraph/kit';
import { hasInbox, loadConfig as loadUsersConfig } from '@shopgraph/users';
import { demoAccounts, DEMO_PASSWORD } from './demo-accounts';
import { LAST_ONE_SKU } from './demo-catalogue';
import type { Shop } from './shop';
import { withSigningKeys } from './shop-config';

interface Start {
  /** Whether the demo shop is in it. */
  readonly isSeeded: boolean;
  /** Products that are new. */
  readonly created: number;
  readonly seconds: number;
}

const DEMO = `
  Accounts     ${demoAccounts.map(({ email }) => email).join(', ')}
  Password     ${DEMO_PASSWORD}

A query worth pasting:

  query Products {
    products(first: 3) {
      edges { node { name slug variants(first: 4) { edges { node { sku price { amount currencyCode } availability { inStock quantity } } } } } }
    }
    lastOne: variant(sku: "${LAST_ONE_SKU}") { name availability { quantity } }
  }
`;

/** What a person who has started a shop in a terminal wants to know. */
export function welcome({ origins, config, stores: { summary } }: Shop, { isSeeded, created, seconds }: Start): string {
  const port = portOf(origins.gateway);
  const explorer = config.NODE_ENV === 'production' ? '' : '   (open it in a browser for Apollo Sandbox)';
  return `
Shopgraph is ready (${seconds.toFixed(1)} s${created > 0 ? `, ${created} demo products created` : ''}).

  GraphQL      http://localhost:${port}/graphql${explorer}
  Subgraphs    users ${portOf(origins.users)}, products ${portOf(origins.products)}, inventory ${portOf(origins.inventory)}, orders ${portOf(origins.orders)}   (they answer signed calls only)
  Operations   http://localhost:${operationsPortOf(Number(port))}/health/ready and /metrics; likewise each subgraph at its port + 100
  Documents    ${summary.documents}
  Ephemeral    ${summary.ephemeral}
  Events       ${summary.events}
  Mails        ${mails(portOf(origins.users))}
  Logs         ${config.DATA_DIR}/shop.log
  Limits       ${limits()}
${isSeeded ? DEMO : ''}
Ctrl-C stops the shop; what it holds is there again at the next start. npm run demo tells the whole story.
`;
}

/** Where mails are to be seen. */
function mails(usersPort: string): string {
  const config = loadUsersConfig(withSigningKeys(process.env));
  if (config.SMTP_URL !== undefined) return 'leave by the server that SMTP_URL names';
  const folder = `${config.DATA_DIR}/mail/`;
  return hasInbox(config) ? `http://localhost:${usersPort}/inbox   (files in ${folder})` : folder;
}

/** How often clients may ask, and how that is changed. */
function limits(): string {
  const rates = ratesOf(loadGatewayConfig(withSigningKeys(process.env)));
  if (!rates) return 'off (RATE_LIMITS)';
  const [anonymous, user] = [rates.anonymous, rates.user].map((rate) =>
    rate ? `${rate.count} requests in ${rate.seconds} s` : 'a budget',
  );
  return `${anonymous} an address, ${user} a user (RATE_LIMIT_ANONYMOUS, RATE_LIMIT_USER)`;
}

function portOf(origin: string): string {
  return new URL(origin).port;
}
