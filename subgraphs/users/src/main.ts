import { runService } from '@shopgraph/kit';
import { buildUsers } from './app';
import { loadConfig } from './config';

void runService({ name: 'users', loadConfig, port: ({ USERS_PORT }) => USERS_PORT, build: buildUsers });
