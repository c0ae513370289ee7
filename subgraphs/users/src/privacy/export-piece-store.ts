import { type MongoConnection, type PrivacyAnswer, type Transaction, trusted } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { SecretBox } from '../secret-box';

/** Which text a piece belongs to. */
type PieceKey = Pick<PrivacyAnswer, 'jobId' | 'attempt'> & { readonly subgraph: string };

interface PieceDocument extends PieceKey {
  _id: string;
  index: number;
  /** In a `SecretBox`. */
  sealed: string;
  expiresAt: Date;
}

const pieceSchema = new Schema<PieceDocument>(
  {
    _id: { type: String, required: true },
    jobId: { type: String, required: true },
    subgraph: { type: String, required: true },
    attempt: { type: String, required: true },
    index: { type: Number, required: true },
    sealed: { type: String, required: true },
    expiresAt: { type: Date, required: true, expires: 0 },
  },
  { collection: 'privacyExportPieces', versionKey: false },
);
pieceSchema.index({ jobId: 1, subgraph: 1, attempt: 1, index: 1 });

/**
 * What subgraphs hold of somebody, sealed, in pieces that fit into a document however much it is. MongoDB forgets
 * them when their export expires.
 */
export class ExportPieceStore {
  private readonly pieces: Model<PieceDocument>;

  constructor(
    connection: MongoConnection,
    private readonly box: SecretBox,
  ) {
    this.pieces = connection.model<PieceDocument>('PrivacyExportPiece', pieceSchema);
  }

  /** Keeps a piece of a text; the same piece again changes nothing. */
  async put(key: PieceKey, { index, text }: { index: number; text: string }, expiresAt: Date, tx: Transaction) {
    const _id = [key.jobId, key.subgraph, key.attempt, index].join(':');
    const sealed = this.box.seal(text, contextOf(_id));
    await this.pieces.updateOne(
      { _id },
      { $setOnInsert: { ...key, index, sealed, expiresAt } },
      { upsert: true, session: tx },
    );
  }

  /** How many pieces of a text there are. */
  count(key: PieceKey, tx: Transaction): Promise<number> {
    return this.pieces.countDocuments(key).session(tx);
  }

  /** The whole text; empty when there is none. @throws Error as `SecretBox.open`. */
  async textOf(key: PieceKey): Promise<string> {
    const found = await this.pieces.find(key).sort({ index: 1 }).lean<PieceDocument[]>();
    return found.map(({ _id, sealed }) => this.box.open(sealed, contextOf(_id))).join('');
  }

  /** Lets the pieces of a job that is done live as long as the job. */
  async keepUntil(jobId: string, expiresAt: Date, tx: Transaction): Promise<void> {
    await this.pieces.updateMany({ jobId }, { $set: { expiresAt } }, { session: tx });
  }

  async removeAllOf(jobIds: readonly string[], tx: Transaction): Promise<void> {
    await this.pieces.deleteMany({ jobId: trusted({ $in: jobIds }) }, { session: tx });
  }
}

function contextOf(pieceId: string): string {
  return `privacy export ${pieceId}`;
}
