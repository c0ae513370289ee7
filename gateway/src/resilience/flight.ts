import type { HttpAnswer } from '../answer-reader';

/** One call for all who ask the same. It is aborted when all of them have left. */
export class Flight {
  readonly answer: Promise<HttpAnswer>;
  private readonly controller = new AbortController();
  private passengers = 0;

  /**
   * @param endsAt Milliseconds since 1970 at which it is given up.
   * @param onEmpty Called when all have left before there was an answer.
   */
  constructor(
    readonly endsAt: number,
    send: (signal: AbortSignal) => Promise<HttpAnswer>,
    private readonly onEmpty: () => void,
  ) {
    this.answer = send(this.controller.signal);
  }

  board(): void {
    this.passengers += 1;
  }

  leave(reason: unknown): void {
    this.passengers -= 1;
    if (this.passengers > 0) return;
    this.onEmpty();
    this.controller.abort(reason);
  }
}
