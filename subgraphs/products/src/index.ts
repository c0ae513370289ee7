export { buildProducts } from './app';
export { type Config, configSchema, loadConfig } from './config';
export { productsSchema } from './schema';
