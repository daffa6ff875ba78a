import { answered } from './answered.ts'
import { overLimits } from './over-limits.ts'
import type { RecordedRequest } from './recorded-request.ts'
import { refusedItems } from './refused-items.ts'
import { refusedPlaces } from './refused-places.ts'
import { refusedRequests } from './refused-requests.ts'

/** All that the classifier must know, asked of a fresh node of each server. */
export const allRequests: readonly RecordedRequest[] = [
  ...answered,
  ...refusedItems,
  ...refusedPlaces,
  ...refusedRequests,
  ...overLimits,
]
