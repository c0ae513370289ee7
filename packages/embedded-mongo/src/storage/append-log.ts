import fs from 'node:fs';
import path from 'node:path';
import { decodeRecords, encodeRecord, type LogEntry } from './log-entry';

/** A log smaller than this is not worth rewriting. */
const MIN_COMPACTION_BYTES = 4 * 1024 * 1024;

/** How the log keeps what it is given. */
export interface LogOptions {
  /** Whether every flush waits for the disk, so that writes survive a power failure, not only the process. */
  readonly fsync: boolean;
}

/**
 * Keeps all changes in a file, in order. Nothing in the file is ever changed; when most of it is of
 * documents that have changed since, it is replaced by a shorter one.
 */
export class AppendLog {
  private descriptor: number;
  private size: number;
  /** What the log had when nothing in it was superfluous; 0 when that is not known. */
  private compactedSize = 0;
  private queue: Buffer[] = [];
  private isClosed = false;

  /**
   * Opens the log at `file`, made if need be, and replays it. A record at its end that was not written
   * completely is cut off: its writer never heard that it was kept.
   */
  constructor(
    private readonly file: string,
    private readonly options: LogOptions,
    onEntry: (entry: LogEntry) => void,
  ) {
    fs.rmSync(this.nextFile, { force: true });
    this.descriptor = fs.openSync(file, 'a+');
    this.size = decodeRecords(fs.readFileSync(file), onEntry);
    fs.ftruncateSync(this.descriptor, this.size);
  }

  /** Whether the log has outgrown what it keeps: documents of `liveBytes`. */
  isWasteful(liveBytes: number): boolean {
    return this.size > Math.max(MIN_COMPACTION_BYTES, 2 * liveBytes, 2 * this.compactedSize);
  }

  /** Adds one record, to be written by the next `flush`. */
  append(entries: readonly LogEntry[]): void {
    this.queue.push(encodeRecord(entries));
  }

  /** Hands everything to the operating system: it then survives the end of this process. */
  flush(): void {
    if (this.queue.length === 0 || this.isClosed) return;
    const bytes = Buffer.concat(this.queue);
    this.queue = [];
    this.size += writeAll(this.descriptor, bytes);
    if (this.options.fsync) fs.fdatasyncSync(this.descriptor);
  }

  /** Replaces the log by `records`, which hold everything. Until that is done the old one stays valid. */
  compact(records: Iterable<readonly LogEntry[]>): void {
    this.flush();
    const next = fs.openSync(this.nextFile, 'w');
    let size = 0;
    for (const entries of records) size += writeAll(next, encodeRecord(entries));
    fs.fsyncSync(next);
    fs.closeSync(next);
    fs.renameSync(this.nextFile, this.file);
    fs.closeSync(this.descriptor);
    this.descriptor = fs.openSync(this.file, 'a');
    this.size = this.compactedSize = size;
    syncDirectory(path.dirname(this.file));
  }

  /** Flushes and closes. What is added later is lost, and nobody is told that it was kept. */
  close(): void {
    this.flush();
    this.isClosed = true;
    fs.closeSync(this.descriptor);
  }

  private get nextFile(): string {
    return `${this.file}.next`;
  }
}

function writeAll(descriptor: number, bytes: Buffer): number {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(descriptor, bytes, written);
  return written;
}

/** A rename is safe once the directory is on disk. */
function syncDirectory(directory: string): void {
  const descriptor = fs.openSync(directory, 'r');
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}
