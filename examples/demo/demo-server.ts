/** The Elasticsearch of the demo: one that can be taken away. */
export interface DemoServer {
  /** For people. */
  readonly name: string
  /** How the service finds it: variables that the transport, or the service, reads. */
  readonly serviceEnvironment: Readonly<Record<string, string>>
  takeAway(): Promise<void>
  bringBack(): Promise<void>
  /** What is stored, when lines with `seq` 0 to `logged` − 1 were logged. */
  count(logged: number): Promise<ServerCount>
  /** Ends it; gives what is left to be said. */
  close(): Promise<readonly string[]>
}

export interface ServerCount {
  /** The server's own `_count`. */
  readonly documents: number
  /** Logged, but not there. */
  readonly lost: number
  /** There more than once. */
  readonly copies: number
}
