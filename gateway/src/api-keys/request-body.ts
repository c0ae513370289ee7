import { Readable } from 'node:stream';
import { DomainError } from '@shopgraph/kit';
import type { FastifyRequest, RequestPayload } from 'fastify';

/** The bytes of a body, as sent, and the same once more for those who read it next. */
interface ReadBody {
  readonly bytes: Buffer;
  readonly payload: RequestPayload;
}

/**
 * Reads a body whole.
 * @throws DomainError PAYLOAD_TOO_LARGE beyond `maxBytes`.
 */
export async function readBody(
  { headers }: Pick<FastifyRequest, 'headers'>,
  payload: RequestPayload,
  maxBytes: number,
): Promise<ReadBody> {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new DomainError('PAYLOAD_TOO_LARGE');
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed when it is too large: the refusal goes out by the same connection.
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new DomainError('PAYLOAD_TOO_LARGE');
  }
  const bytes = Buffer.concat(chunks);
  return { bytes, payload: Object.assign(Readable.from([bytes]), { receivedEncodedLength: size }) };
}
