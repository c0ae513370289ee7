import { performance } from 'node:perf_hooks';
import { createConnection, Schema } from 'mongoose';
import { EmbeddedMongo } from '../src';

const DOCUMENTS = 100_000;
const BATCH = 5_000;
const WARM_UP = 500;
const FINDS = 2_000;
const LIMIT_MS = 2;

/** Measures a find by an indexed value among 100,000 documents, through Mongoose. Fails when half of them take 2 ms or more. */
async function main(): Promise<void> {
  const server = await EmbeddedMongo.start();
  const connection = await createConnection(`${server.uri}bench`).asPromise();
  const Product = connection.model(
    'Product',
    new Schema({ sku: { type: String, index: true }, name: String, price: Number }),
  );
  await Product.init();
  for (let first = 0; first < DOCUMENTS; first += BATCH) {
    await Product.insertMany(
      Array.from({ length: BATCH }, (_, offset) => ({
        sku: `SKU-${first + offset}`,
        name: 'A product',
        price: offset,
      })),
    );
  }
  const durations: number[] = [];
  for (let count = 0; count < WARM_UP + FINDS; count++) {
    const startedAt = performance.now();
    await Product.findOne({ sku: `SKU-${(count * 7919) % DOCUMENTS}` }).lean();
    if (count >= WARM_UP) durations.push(performance.now() - startedAt);
  }
  durations.sort((a, b) => a - b);
  const median = durations[FINDS / 2] ?? NaN;
  const slow = durations[Math.floor(FINDS * 0.99)] ?? NaN;
  process.stdout.write(
    `indexed equality on ${DOCUMENTS} documents: median ${median.toFixed(2)} ms, 99 % ${slow.toFixed(2)} ms\n`,
  );
  if (!(median < LIMIT_MS)) process.exitCode = 1;
  await connection.close();
  await server.stop();
}

void main();
