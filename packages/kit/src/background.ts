/** Work that a service does beside its requests: started after it listens, stopped before it closes. */
export interface Background {
  readonly name: string;
  start(): Promise<void>;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}
