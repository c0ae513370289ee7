export { buildInventory } from './app';
export { type Config, configSchema, loadConfig } from './config';
export { inventorySchema } from './schema';
