/** People of the demo shop; they all have the same password, which is printed at start. */
export const DEMO_PASSWORD = 'Demo-shopgraph-2026!';

export const demoAccounts = [
  { email: 'admin@shopgraph.test', name: 'Ada Admin', roleIds: ['ADMIN'] },
  { email: 'support@shopgraph.test', name: 'Sam Support', roleIds: ['SUPPORT'] },
  { email: 'customer@shopgraph.test', name: 'Cleo Customer', roleIds: ['CUSTOMER'] },
] as const;
