/** Every kind of fault that the name server can play. */
export const dnsFaultKinds = [
  'race',
  'loss',
  'drop',
  'silence',
  'delay',
  'servfail',
  'refused',
  'nxdomain',
  'nodata',
  'formerr',
  'notimp',
  'truncate',
  'wrong-id',
  'wrong-question',
  'garbage',
  'ttl',
] as const

export type DnsFaultKind = (typeof dnsFaultKinds)[number]

/** To which queries a fault applies. What is left out does not narrow. */
export interface DnsFaultWhen {
  /** The name asked for, in any case: `es.test`, or `*.test` for each name below it. */
  readonly name?: string
  /** The type asked for: `A`, `AAAA`. */
  readonly type?: string
  readonly transport?: 'udp' | 'tcp'
  /**
   * From this query to that one, both included; without the second number there is no end. Counted from 1, for
   * each fault by itself, among the queries since it was added that fit all of the above and lie in its time.
   * For `race` the datagrams that would be dropped are counted.
   */
  readonly queries?: readonly [from: number, to?: number]
  /** Every n-th of these: 3 means 3, 6, 9 … */
  readonly every?: number
  /** Not before this many ms since the fault was added. Default 0. */
  readonly afterMs?: number
  /** For this many ms from there on. Default: until it is switched off. */
  readonly forMs?: number
  /** At most this many times. Default: without limit. */
  readonly times?: number
  /** By chance, 0 to 1. Default 1. The same `seed` gives the same choices. */
  readonly probability?: number
  /** For `probability`, and for what else a fault leaves to chance. Default 1. */
  readonly seed?: number
}

interface DnsFaultBase {
  readonly when?: DnsFaultWhen
}

/**
 * The conntrack race: of a new flow (one source address and port) the second datagram is dropped, when it follows
 * so closely that the first has not made its entry yet. Every later datagram of the flow passes, as a retry does
 * in a real network. UDP only.
 */
export interface RaceFault extends DnsFaultBase {
  readonly kind: 'race'
  /** How close, in ms after the first. Default 20, or with `whileUnanswered` 20 more than `answerDelayMs`. */
  readonly withinMs?: number
  /**
   * Only while the first has no answer: closest to the real race, in which the entry is there long before an
   * answer. A client that waits for answer 1 before question 2 is spared. Default false.
   */
  readonly whileUnanswered?: boolean
  /** Each answer over UDP waits so many ms. Default 2 with `whileUnanswered`, else 0. */
  readonly answerDelayMs?: number
  /** A flow is forgotten, and its port new again, after so many ms without a datagram. Default 30,000 (`nf_conntrack_udp_timeout`). */
  readonly flowMs?: number
}

/** Random loss of datagrams, chosen by `when.seed`. UDP only. */
export interface LossFault extends DnsFaultBase {
  readonly kind: 'loss'
  /** The share that is lost, 0 to 1. */
  readonly fraction: number
  /** `in` (default): queries. `out`: answers; the query is recorded as `answer-lost`. */
  readonly direction?: 'in' | 'out'
}

/** Queries of some name or type get no answer. */
export interface DropFault extends DnsFaultBase {
  readonly kind: 'drop'
}

/** Nothing gets an answer, whatever it is. A TCP connection is still accepted: that is the kernel's doing. */
export interface SilenceFault {
  readonly kind: 'silence'
  readonly when?: Pick<DnsFaultWhen, 'queries' | 'afterMs' | 'forMs'>
}

/** Answers late. Works together with any other fault. */
export interface DelayFault extends DnsFaultBase {
  readonly kind: 'delay'
  readonly delayMs: number
}

/** Answers with this code and no records. `nodata` is a success without records; `nxdomain` and `nodata` carry the SOA. */
export interface RcodeFault extends DnsFaultBase {
  readonly kind: 'servfail' | 'refused' | 'nxdomain' | 'nodata' | 'formerr' | 'notimp'
}

/** Over UDP: the flag TC and no records. Over TCP it does nothing. */
export interface TruncateFault extends DnsFaultBase {
  readonly kind: 'truncate'
}

/** An answer to be refused, that a forger or a confused box might send. */
interface FalseAnswer extends DnsFaultBase {
  /** The right answer follows after so many ms. Default: it never does. */
  readonly rightAfterMs?: number
}

/** The right records under another id. */
export interface WrongIdFault extends FalseAnswer {
  readonly kind: 'wrong-id'
}

/** The right id, with question and records of another name. */
export interface WrongQuestionFault extends FalseAnswer {
  readonly kind: 'wrong-question'
}

/** Bytes that no parser should trust. */
export interface GarbageFault extends FalseAnswer {
  readonly kind: 'garbage'
  /** `random` (default): bytes chosen by `when.seed`. `pointer-loop`: a record whose name points to itself. */
  readonly what?: 'random' | 'pointer-loop'
  /** Of `random`: how many, at most 65,535. Default 64. */
  readonly bytes?: number
  /** Of `random`: they begin with the header of a proper answer, so that the id alone does not give them away. Default true. */
  readonly header?: boolean
}

/** Every record has this TTL. Works together with any other fault. */
export interface TtlFault extends DnsFaultBase {
  readonly kind: 'ttl'
  /** In seconds. Default 0. */
  readonly ttl?: number
}

/** Something that goes wrong: plain data, fit for JSON, so that a failing case prints itself. */
export type DnsFault =
  | RaceFault
  | LossFault
  | DropFault
  | SilenceFault
  | DelayFault
  | RcodeFault
  | TruncateFault
  | WrongIdFault
  | WrongQuestionFault
  | GarbageFault
  | TtlFault
