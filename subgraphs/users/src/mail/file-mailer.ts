import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { Mail, Mailer } from './mailer';

/** Keeps mails as files, one JSON object each, for development and for shops without a mail server. */
export class FileMailer implements Mailer {
  constructor(
    private readonly directory: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Writes the mail to a file whose name sorts by time. Whoever looks never sees half of one. */
  async send({ id, kind, to, subject, text, html, token }: Mail): Promise<void> {
    const sentAt = this.clock.now().toISOString();
    const file = `${sentAt.replaceAll(':', '-')}-${id}.json`;
    const unfinished = join(this.directory, `.${file}`);
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await writeFile(unfinished, JSON.stringify({ id, kind, sentAt, to, subject, text, html, token }, null, 2), {
      mode: 0o600,
    });
    await rename(unfinished, join(this.directory, file));
    this.logger.info({ 'file.name': file, subject }, 'mail written to a file');
  }
}
