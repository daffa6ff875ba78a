import { Transport } from '@elastic/elasticsearch'

/**
 * The Elastic client's transport as plain HTTP. Only its constructor decides these things (9.4):
 * - no product check, which throws after OpenSearch has stored the documents;
 * - media types that every version and look-alike takes;
 * - no tracing spans;
 * - `remove`, for the default redaction walks through the bytes of the body, half a second per error.
 */
export class BulkTransport extends Transport {
  constructor(options: ConstructorParameters<typeof Transport>[0]) {
    const { productCheck, ...rest } = options
    super({
      ...rest,
      openTelemetry: { enabled: false },
      redaction: { type: 'remove' },
      vendoredHeaders: {
        jsonContentType: 'application/json',
        ndjsonContentType: 'application/x-ndjson',
        accept: 'application/json',
      },
    })
  }
}
