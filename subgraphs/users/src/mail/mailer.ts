import type { Letter } from './letter-layout';
import type { LetterKind } from './queued-mail';

/** A letter to somebody. */
export interface Mail extends Letter {
  /** Names the mail: repeating one is the same mail. */
  readonly id: string;
  /** What it is about. */
  readonly kind: LetterKind;
  readonly to: string;
  /** The secret that the letter carries, by itself; null when it carries none. */
  readonly token: string | null;
}

/** Where mails leave. */
export interface Mailer {
  /** Resolves when somebody else has taken responsibility for the mail. @throws Error when nobody has. */
  send(mail: Mail): Promise<void>;
  close?(): void;
}
