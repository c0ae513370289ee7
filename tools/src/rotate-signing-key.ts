import { connectMongo } from '@shopgraph/kit';
import { loadConfig, rotateSigningKey } from '@shopgraph/users';
import { withSigningKeys } from './shop-config';

/** Rotates the key of access tokens, in the database that MONGODB_URI names, beside a shop that runs. */
async function main(): Promise<void> {
  const config = loadConfig(withSigningKeys(process.env));
  const { MONGODB_URI, KEY_ENCRYPTION_SECRET: secrets, ACCESS_TOKEN_SECONDS: accessTokenSeconds } = config;
  if (MONGODB_URI === undefined) {
    throw new Error('npm run rotate:signing-key works on the database that MONGODB_URI names.');
  }
  const connection = await connectMongo(MONGODB_URI, { name: 'users' });
  try {
    const { id, signsFrom } = await rotateSigningKey(connection, { secrets, accessTokenSeconds });
    process.stdout.write(`${id} signs access tokens from ${signsFrom.toISOString()} on\n`);
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
