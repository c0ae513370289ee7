import { createParser } from 'eventsource-parser';

/** A server-sent event. */
export interface ServerSentEvent {
  /** `message` where none is given. */
  readonly type: string;
  readonly data: string;
}

/** Far more than an event of ours has. */
const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;

/**
 * Reads a stream of server-sent events; those without any data do not count. Ids and retry times are of no use here.
 * @throws Error for an event beyond eight million characters, and as `chunks` does.
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new TextDecoder();
  const arrived: ServerSentEvent[] = [];
  const faults: Error[] = [];
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event: type = 'message', data }) => arrived.push({ type, data }),
    onError(error) {
      // Fields that nobody knows are passed over, as the standard has it.
      if (error.type === 'max-buffer-size-exceeded') faults.push(error);
    },
  });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
    for (const fault of faults) throw fault;
  }
}
