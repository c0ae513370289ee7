/** The longest message that MongoDB takes. */
export const MAX_MESSAGE_BYTES = 48_000_000;

/** The header's length, without which no message is complete. */
const HEADER_BYTES = 16;

/**
 * Cuts a stream of bytes into messages: each begins with its own length.
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
export class MessageFraming {
  private chunks: Buffer[] = [];
  private length = 0;

  /**
   * Takes bytes as they arrive.
   * @returns The messages that are now complete.
   * @throws RangeError when a length cannot be one: the rest of the stream then makes no sense.
   */
  add(bytes: Buffer): Buffer[] {
    this.chunks.push(bytes);
    this.length += bytes.length;
    const messages: Buffer[] = [];
    for (let size = this.nextSize(); size <= this.length; size = this.nextSize()) messages.push(this.take(size));
    return messages;
  }

  /** The length of the message that has begun; infinite while it is unknown. */
  private nextSize(): number {
    if (this.length < HEADER_BYTES) return Infinity;
    if ((this.chunks[0]?.length ?? 0) < HEADER_BYTES) this.chunks = [Buffer.concat(this.chunks)];
    const size = this.chunks[0]?.readInt32LE(0) ?? 0;
    if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES) throw new RangeError(`a message cannot have ${size} bytes`);
    return size;
  }

  private take(size: number): Buffer {
    const [first] = this.chunks;
    const whole = first && first.length >= size ? first : Buffer.concat(this.chunks);
    const others = whole === first ? this.chunks.slice(1) : [];
    this.chunks = whole.length > size ? [whole.subarray(size), ...others] : others;
    this.length -= size;
    return whole.subarray(0, size);
  }
}
