import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { startShop } from '../shop';
import { accountOf, BENCH_PASSWORD } from './auth-accounts';

/** A shop in one process on embedded stores, with nothing in it but accounts, and without limits. */
async function main(port: number, accounts: number, dataDir: string): Promise<void> {
  const environment = {
    // Production insists on limits.
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    KEY_ENCRYPTION_SECRET: randomBytes(32).toString('hex'),
    RATE_LIMITS: 'off',
    // Every client of the bench says that it is at an address of its own.
    TRUST_PROXY: '127.0.0.1',
    GATEWAY_PORT: String(port),
    USERS_PORT: String(port + 1),
    PRODUCTS_PORT: String(port + 2),
    INVENTORY_PORT: String(port + 3),
    ORDERS_PORT: String(port + 4),
  };
  const logger = pino({ enabled: false });
  await startShop(environment, {
    logger: () => logger,
    async prepare({ userAdministration }) {
      for (let index = 0; index < accounts; index += 1) {
        const { email } = accountOf(index);
        await userAdministration.seedUser({ email, name: 'Bench', password: BENCH_PASSWORD, roleIds: ['CUSTOMER'] });
      }
    },
  });
}

const [, , port = '', accounts = '', dataDir = ''] = process.argv;
main(Number(port), Number(accounts), dataDir).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
