import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LETTER_KINDS } from '../queued-mail';

const LISTED = 100;
/** What `FileMailer` names its files: the time, so that names sort by it, and the id of the mail. */
const FILE_NAME = /^(?<sentAt>\d{4}-[\d-]{5}T[\d.-]{12}Z)-(?<id>mail_[0-9a-z]+)\.json$/;

const contentSchema = z.object({
  kind: z.enum(LETTER_KINDS).nullable().default(null),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  token: z.string().nullable(),
});

/** A mail that became a file. */
export interface FiledMail extends z.infer<typeof contentSchema> {
  readonly id: string;
  readonly sentAt: string;
}

/** The folder that `FileMailer` writes to. */
export class MailFolder {
  constructor(private readonly directory: string) {}

  /** The newest mails, newest first, a hundred at the most; without files that are none. */
  async newest(): Promise<FiledMail[]> {
    const files = (await this.files()).slice(0, LISTED);
    const mails = await Promise.all(files.map((file) => this.read(file)));
    return mails.filter((mail) => mail !== null);
  }

  /** Looks for the id among the files that there are: it never becomes part of a path. */
  async byId(id: string): Promise<FiledMail | null> {
    const file = (await this.files()).find((name) => FILE_NAME.exec(name)?.groups?.id === id);
    return file === undefined ? null : this.read(file);
  }

  /** The names of all mails, newest first; none before the first one has made the folder. */
  private async files(): Promise<string[]> {
    const names = await readdir(this.directory).catch(() => []);
    return names
      .filter((name) => FILE_NAME.test(name))
      .sort()
      .reverse();
  }

  private async read(file: string): Promise<FiledMail | null> {
    const { sentAt = '', id = '' } = FILE_NAME.exec(file)?.groups ?? {};
    try {
      const content = contentSchema.parse(JSON.parse(await readFile(join(this.directory, file), 'utf8')));
      return { ...content, id, sentAt: sentAt.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:') };
    } catch {
      return null;
    }
  }
}
