import { runService } from '@shopgraph/kit';
import { buildProducts } from './app';
import { loadConfig } from './config';

void runService({
  name: 'products',
  loadConfig,
  port: ({ PRODUCTS_PORT }) => PRODUCTS_PORT,
  build: buildProducts,
});
