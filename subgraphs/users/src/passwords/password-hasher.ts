import { createHash } from 'node:crypto';
import { hash, verify } from '@node-rs/bcrypt';
import { defaultConcurrency, HashQueue } from './hash-queue';

/** bcrypt takes no notice of anything beyond. */
const BCRYPT_MAX_BYTES = 72;

/** Hashes and checks passwords with bcrypt, off the main thread, and no more of them at once than others can bear. */
export class PasswordHasher {
  private dummy: Promise<string> | undefined;

  private readonly queue: HashQueue;

  /**
   * @param cost Logarithm of the work, 4 to 31. The configuration admits 10 and more; tests take less.
   * @param concurrency How many are hashed or checked at once.
   */
  constructor(
    private readonly cost: number,
    concurrency = defaultConcurrency(),
  ) {
    this.queue = new HashQueue(concurrency);
  }

  /**
   * A salted hash of a password of any length.
   * @throws DomainError UNAVAILABLE when too many wait for theirs.
   */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(bytesOf(password), this.cost));
  }

  /**
   * Whether `password` has this hash. Without one it is no, and takes as long as with one of the present cost; so
   * does a no by a hash that was made with less work, since only accounts have those.
   * @throws DomainError UNAVAILABLE when too many wait for theirs.
   */
  async verify(password: string, passwordHash: string | null): Promise<boolean> {
    const compared = passwordHash ?? (await this.dummyHash());
    return this.queue.run(async () => {
      const isRight = await verify(bytesOf(password), compared);
      if (!isRight) await this.makeUpFor(compared);
      return isRight && passwordHash !== null;
    });
  }

  /** Whether a hash was made with less work than hashes are made with now. */
  isOutdated(passwordHash: string): boolean {
    return costOf(passwordHash) < this.cost;
  }

  /** Hashes now what unknown addresses are compared with, so that the first of them takes no longer. */
  async warmUp(): Promise<void> {
    await this.dummyHash();
  }

  /** Does the work that a hash of the present cost would have taken beyond that of `compared`: each step doubles it. */
  private async makeUpFor(compared: string): Promise<void> {
    for (let cost = costOf(compared); cost < this.cost; cost += 1) await hash('', cost);
  }

  private dummyHash(): Promise<string> {
    this.dummy ??= this.hash('nobody has this password');
    return this.dummy;
  }
}

/** NaN, which is less than nothing, for what bcrypt has not made. */
function costOf(passwordHash: string): number {
  const [, cost] = /^\$2[abxy]\$(\d\d)\$/.exec(passwordHash) ?? [];
  return Number(cost);
}

/**
 * What bcrypt gets: the password itself where it takes all of it, otherwise its SHA-256 in base64, so
 * that every byte counts. NFKC, because keyboards write the same character in different ways
 * (NIST SP 800-63B section 5.1.1.2). Some implementations of bcrypt end at a null byte.
 */
function bytesOf(password: string): Buffer {
  const bytes = Buffer.from(password.normalize('NFKC'));
  if (bytes.length <= BCRYPT_MAX_BYTES && !bytes.includes(0)) return bytes;
  return Buffer.from(createHash('sha256').update(bytes).digest('base64'));
}
