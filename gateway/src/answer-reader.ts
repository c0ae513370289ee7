import { REFRESH_COOKIE_HEADER } from '@shopgraph/kit';
import type { Dispatcher } from 'undici';

/** What a subgraph has answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly cacheControl: string | undefined;
  /** What it says of the client's refresh cookie. */
  readonly refreshCookie: string | undefined;
  readonly text: string;
}

type Headers = Record<string, string | string[] | undefined>;

/**
 * Reads one answer as undici receives it. Streams, and the promises around them, would cost several times as much as
 * the answer itself.
 */
export class AnswerReader implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | null = null;
  private abandonedFor: Error | null = null;
  private status = 0;
  private headers: Headers = {};

  /** Exactly one of them is called, once. */
  constructor(
    private readonly onAnswer: (answer: HttpAnswer) => void,
    private readonly onFault: (fault: Error) => void,
  ) {}

  /** Waits no longer: the fault is told at once, and what is still to come is closed. Nothing after the end. */
  abandon(fault: Error): void {
    if (this.abandonedFor) return;
    this.abandonedFor = fault;
    this.onFault(fault);
    this.controller?.abort(fault);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It has waited for a connection.
    if (this.abandonedFor) controller.abort(this.abandonedFor);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.abandonedFor) return;
    const [first, ...others] = this.chunks;
    const body = others.length > 0 ? Buffer.concat(this.chunks) : first;
    this.onAnswer({
      status: this.status,
      text: body?.toString('utf8') ?? '',
      cacheControl: textOf(this.headers['cache-control']),
      refreshCookie: textOf(this.headers[REFRESH_COOKIE_HEADER]),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, fault: Error): void {
    if (!this.abandonedFor) this.onFault(fault);
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header;
}
