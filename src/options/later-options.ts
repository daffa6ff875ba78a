/**
 * The queue on disk. Not available yet: refused.
 */
export interface SpoolOptions {
  /** Folder of this process alone. */
  readonly dir: string
  /** Bytes on disk. Default 1 GiB. */
  readonly maxBytes?: number
  /** `always`: every line goes through the disk; `overflow`: only when memory is full. Default `always`. */
  readonly when?: 'always' | 'overflow'
  /** When bytes are forced to the disk: every 500 ms, after each batch, or by the system alone. Default `interval`. */
  readonly fsync?: 'interval' | 'batch' | 'never'
}

/**
 * Where documents are kept that Elasticsearch refuses for good. Not available yet: refused; `false` is what happens now.
 */
export interface DeadLetterOptions {
  /** NDJSON file. Default: a file in `spool.dir` if that is set, else none. */
  readonly file?: string
  /** Index or data stream. */
  readonly index?: string
  /** Bytes of the file. */
  readonly maxBytes?: number
}

/**
 * Where incidents are reported. Not available yet: refused.
 */
export interface AlertOptions {
  readonly alertmanager?: {
    readonly url: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly webhook?: {
    readonly url: string
    readonly headers?: Readonly<Record<string, string>>
    readonly format?: 'json' | 'slack'
  }
  /** How long nothing may be stored before that is an alert, in ms. */
  readonly stalledMs?: number
}
