// Starts the service that the image was built for.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { SERVICE = '' } = process.env;
const folder = ['subgraphs', '.']
  .map((parent) => join(process.cwd(), parent, SERVICE))
  .find((path) => existsSync(path));
if (SERVICE === '' || folder === undefined) throw new Error(`SERVICE names no service: "${SERVICE}"`);
createRequire(import.meta.url)(join(folder, 'dist/src/main.js'));
