export { buildOrders } from './app';
export { type Config, configSchema, loadConfig } from './config';
export { rebuildOrderViews } from './order/rebuild-order-views';
export { ordersSchema } from './schema';
