import { DomainError } from '@shopgraph/kit';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses requests with more than `maxSize` operations, in words that say what to do instead.
 * @throws DomainError BAD_REQUEST.
 */
export function limitBatches(app: FastifyInstance, maxSize: number): void {
  app.addHook('preValidation', async ({ body }) => {
    if (!Array.isArray(body)) return;
    if (maxSize === 1) {
      throw new DomainError('BAD_REQUEST', {
        message: 'Batches are not accepted: send one operation in each request.',
      });
    }
    if (body.length > maxSize) {
      throw new DomainError('BAD_REQUEST', {
        message: `A batch may have ${maxSize} operations; this has ${body.length}.`,
      });
    }
  });
}
