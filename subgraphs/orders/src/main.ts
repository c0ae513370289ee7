import { runService } from '@shopgraph/kit';
import { buildOrders } from './app';
import { loadConfig } from './config';

void runService({ name: 'orders', loadConfig, port: ({ ORDERS_PORT }) => ORDERS_PORT, build: buildOrders });
