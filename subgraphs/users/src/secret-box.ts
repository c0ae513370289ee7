import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { derivedKey } from './derived-key';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PLAIN = 'plain';
const SEALED = 'sealed1';

/** Seals what the database keeps but must not give away by itself. Without a secret it keeps it as it is. */
export class SecretBox {
  private readonly keys: readonly Buffer[];
  private readonly fingerprintKey: Buffer;

  /** @param secrets The first seals, all of them open. */
  constructor(secrets: readonly string[] = []) {
    this.keys = secrets.map((secret) => derivedKey(secret, 'shopgraph users secret box'));
    const [secret = ''] = secrets;
    this.fingerprintKey = derivedKey(secret, 'shopgraph users fingerprints');
  }

  /**
   * What tells a text apart from others without telling the text, to whoever lacks the secret: HMAC-SHA256 in
   * base64url. Texts in different contexts cannot be linked.
   */
  fingerprint(text: string, context: string): string {
    return createHmac('sha256', this.fingerprintKey)
      .update(JSON.stringify([context, text]))
      .digest('base64url');
  }

  /** @param context Where it is kept: it can be opened for the same context only. */
  seal(text: string, context: string): string {
    const [key] = this.keys;
    if (!key) return `${PLAIN}:${text}`;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${SEALED}:${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
  }

  /**
   * What was sealed; also what was kept as it is, before there was a secret.
   * @throws Error when it was sealed with another secret, or changed.
   */
  open(sealed: string, context: string): string {
    const [kind, ...rest] = sealed.split(':');
    const content = rest.join(':');
    if (kind === PLAIN) return content;
    if (this.keys.length === 0) throw new Error(`KEY_ENCRYPTION_SECRET is needed to open ${context}`);
    const bytes = Buffer.from(content, 'base64url');
    const causes: unknown[] = [];
    for (const key of this.keys) {
      try {
        return openWith(key, bytes, context);
      } catch (cause) {
        causes.push(cause);
      }
    }
    const message = `${context} was sealed with another KEY_ENCRYPTION_SECRET, or changed`;
    throw new Error(message, { cause: new AggregateError(causes) });
  }
}

function openWith(key: Buffer, bytes: Buffer, context: string): string {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
