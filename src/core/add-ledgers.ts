import type { Ledger } from './ledger.ts'
import { dropReasons, LedgerBook } from './ledger.ts'

/** The sum of several ledgers; of none, a ledger of zeros. */
export function addLedgers(ledgers: readonly Ledger[]): Ledger {
  return ledgers.reduce(add, new LedgerBook().read({ pending: 0, spooled: 0 }))
}

function add(a: Ledger, b: Ledger): Ledger {
  const dropped = { ...a.dropped }
  for (const reason of dropReasons) dropped[reason] += b.dropped[reason]
  return {
    accepted: a.accepted + b.accepted,
    recovered: a.recovered + b.recovered,
    pending: a.pending + b.pending,
    spooled: a.spooled + b.spooled,
    stored: a.stored + b.stored,
    duplicates: a.duplicates + b.duplicates,
    deadLettered: a.deadLettered + b.deadLettered,
    handedOver: a.handedOver + b.handedOver,
    dropped,
    failureStored: a.failureStored + b.failureStored,
    repaired: a.repaired + b.repaired,
    maybeCopied: a.maybeCopied + b.maybeCopied,
    conflictUnexpected: a.conflictUnexpected + b.conflictUnexpected,
    droppedAmbiguous: a.droppedAmbiguous + b.droppedAmbiguous,
    deadLettersKept: a.deadLettersKept + b.deadLettersKept,
  }
}
