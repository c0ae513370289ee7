import {
  fromStored,
  type MongoConnection,
  type PrivacyRequestKind,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { PrivacyJob, PrivacyJobPart } from './privacy-job';

type JobDocument = Stored<PrivacyJob>;

const partSchema = new Schema<PrivacyJobPart>(
  {
    subgraph: { type: String, required: true },
    answeredAt: { type: Date, default: null },
    attempt: { type: String, default: null },
  },
  { _id: false },
);

const jobSchema = new Schema<JobDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    userId: { type: String, required: true },
    requestedBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    askedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
    expiresAt: { type: Date, default: null, expires: 0 },
    parts: { type: [partSchema], required: true },
    version: { type: Number, required: true },
  },
  { collection: 'privacyJobs', versionKey: false },
);
jobSchema.index({ userId: 1, kind: 1, createdAt: -1 });
jobSchema.index({ finishedAt: 1, askedAt: 1 });

/** Jobs in MongoDB, which forgets exports when they expire. They hold ids and times only. */
export class PrivacyJobStore {
  private readonly jobs: Model<JobDocument>;

  constructor(connection: MongoConnection) {
    this.jobs = connection.model<JobDocument>('PrivacyJob', jobSchema);
  }

  async byId(id: string, tx?: Transaction): Promise<PrivacyJob | null> {
    const found = await this.jobs
      .findById(id)
      .session(tx ?? null)
      .lean<JobDocument>();
    return found && fromStored<PrivacyJob>(found);
  }

  /** The latest job of a kind about a user; null when there was none. */
  async latestOf(userId: string, kind: PrivacyRequestKind, tx: Transaction): Promise<PrivacyJob | null> {
    const found = await this.jobs.findOne({ userId, kind }).sort({ createdAt: -1 }).session(tx).lean<JobDocument>();
    return found && fromStored<PrivacyJob>(found);
  }

  /** Jobs that are not done and whose subgraphs were last asked at `before` or earlier, the longest ago first. */
  async unansweredSince(before: Date, limit: number): Promise<PrivacyJob[]> {
    const found = await this.jobs
      .find({ finishedAt: null, askedAt: trusted({ $lte: before }) })
      .sort({ askedAt: 1 })
      .limit(limit)
      .lean<JobDocument[]>();
    return found.map(fromStored<PrivacyJob>);
  }

  async add(job: PrivacyJob, tx: Transaction): Promise<void> {
    await this.jobs.insertMany([toStored(job)], { session: tx });
  }

  /** Saves a job whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(job: PrivacyJob, tx: Transaction): Promise<void> {
    return replaceVersion(this.jobs, toStored(job), tx);
  }

  /** Forgets the exports of a user; answers their ids. */
  async removeExportsOf(userId: string, tx: Transaction): Promise<string[]> {
    const exports = { userId, kind: 'EXPORT' as const };
    const found = await this.jobs.find(exports, { _id: 1 }).session(tx).lean<Pick<JobDocument, '_id'>[]>();
    await this.jobs.deleteMany(exports, { session: tx });
    return found.map(({ _id }) => _id);
  }
}
