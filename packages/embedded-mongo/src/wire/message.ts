import { type BsonDocument, decode, isDocument, setField } from '../bson/values';

const OP_QUERY = 2004;
const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags that a server has to know in order to answer: the others may be ignored. */
const REQUIRED_FLAGS = 0xffff;

const HEADER_BYTES = 16;
const CHECKSUM_BYTES = 4;

/** A command as a client has sent it. */
export interface RequestMessage {
  readonly requestId: number;
  readonly command: BsonDocument;
  /** Whether it came in the old form, which is left for the first `hello` of a connection. */
  readonly isLegacy: boolean;
  /** Whether the client waits for an answer. */
  readonly wantsReply: boolean;
}

/** The bytes that documents of a message came in, so that they need not be encoded again. */
const receivedBytes = new WeakMap<BsonDocument, Buffer>();

/** The bytes of a document that came as part of a document sequence. */
export const bytesOf = (document: BsonDocument): Buffer | undefined => receivedBytes.get(document);

/**
 * Reads one message.
 * @throws RangeError when it is of a kind that is not known: the connection has to be closed.
 */
export function parseMessage(message: Buffer): RequestMessage {
  const requestId = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  if (operation === OP_MSG) return { requestId, isLegacy: false, ...parseBody(message) };
  if (operation === OP_QUERY) {
    return { requestId, isLegacy: true, wantsReply: true, command: parseLegacyQuery(message) };
  }
  throw new RangeError(`operation ${operation} is not known`);
}

function parseBody(message: Buffer): Pick<RequestMessage, 'command' | 'wantsReply'> {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if (flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) throw new RangeError(`flags ${flags} are not known`);
  const end = message.length - (flags & CHECKSUM_PRESENT ? CHECKSUM_BYTES : 0);
  let command: BsonDocument = {};
  const sequences: [string, BsonDocument[]][] = [];
  for (let offset = HEADER_BYTES + 4; offset < end;) {
    const kind = message[offset];
    const section = message.subarray(offset + 1, offset + 1 + message.readInt32LE(offset + 1));
    if (kind === 0) command = decode(section);
    else if (kind === 1) sequences.push(parseSequence(section));
    else throw new RangeError(`section kind ${kind ?? 'missing'} is not known`);
    offset += 1 + section.length;
  }
  for (const [name, documents] of sequences) setField(command, name, documents);
  return { command, wantsReply: !(flags & MORE_TO_COME) };
}

/** A sequence is a field of the command that holds a list of documents, sent beside it. */
function parseSequence(section: Buffer): [string, BsonDocument[]] {
  const nameEnd = section.indexOf(0, 4);
  const documents: BsonDocument[] = [];
  for (let offset = nameEnd + 1; offset < section.length;) {
    const bytes = section.subarray(offset, offset + section.readInt32LE(offset));
    const document = decode(bytes);
    receivedBytes.set(document, bytes);
    documents.push(document);
    offset += bytes.length;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

function parseLegacyQuery(message: Buffer): BsonDocument {
  const nameStart = HEADER_BYTES + 4;
  const nameEnd = message.indexOf(0, nameStart);
  const query = decode(message.subarray(nameEnd + 9));
  const command = isDocument(query.$query) ? query.$query : query;
  const [database = 'admin'] = message.toString('utf8', nameStart, nameEnd).split('.');
  return { ...command, $db: database };
}
