import { StringDecoder } from 'node:string_decoder';

/** A server-sent event. */
export interface ServerSentEvent {
  /** `message` where none is given. */
  readonly type: string;
  readonly data: string;
}

/** Far more than an event of ours has. */
const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;
const LINE_END = /\r\n|\n|\r(?!$)/;

/**
 * Reads a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream);
 * events without data count too. Ids and retry times are of no use here.
 * @throws Error for an event beyond eight million characters, and as `chunks` does.
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let type = '';
  let data: string[] | null = null;
  for await (const chunk of chunks) {
    // A carriage return at the end may be half of a line's end.
    const lines = (rest + decoder.write(Buffer.from(chunk))).split(LINE_END);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data) yield { type: type || 'message', data: data.join('\n') };
        [type, data] = ['', null];
        continue;
      }
      const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === 'event') type = value;
      else if (field === 'data') (data ??= []).push(value);
    }
    const size = rest.length + (data ?? []).reduce((sum, { length }) => sum + length, 0);
    if (size > MAX_EVENT_CHARACTERS) throw new Error('the event is too large');
  }
}
