import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, Mailer } from './mailer';

/** How long a mail server may keep us waiting. */
const TIMEOUT_MS = 10_000;

interface SmtpOptions {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly url: string;
  /** The sender, such as `Shop <no-reply@shop.example>`. */
  readonly from: string;
}

/** Hands mails to a mail server. */
export class SmtpMailer implements Mailer {
  private readonly transport: Transporter;

  constructor({ url, from }: SmtpOptions) {
    const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
    const options = { url, pool: true as const, disableFileAccess: true, disableUrlAccess: true, ...timeouts };
    this.transport = createTransport(options, { from });
  }

  async send({ id, to, subject, text, html }: Mail): Promise<void> {
    // As an object, so that no part of the address is ever parsed as another recipient.
    await this.transport.sendMail({ to: { name: '', address: to }, subject, text, html, headers: { 'x-mail-id': id } });
  }

  close(): void {
    this.transport.close();
  }
}
