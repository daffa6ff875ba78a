import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { describe, it } from 'node:test'
import { decode, encode, RECURSION_AVAILABLE } from 'dns-packet'
import fc from 'fast-check'
import { encodeQuery, readMessage } from '../../src/dns/dns-message.ts'
import { candidatesOf, canonicalName, isQueryable } from '../../src/dns/host-name.ts'
import type { CacheLimits, NameState } from '../../src/dns/name-state.ts'
import { answerFrom, applyResolution } from '../../src/dns/name-state.ts'
import { parseHosts } from '../../src/dns/parse-hosts.ts'
import { parseResolvConf } from '../../src/dns/parse-resolv-conf.ts'
import type { Resolution } from '../../src/dns/resolution.ts'
import { parseServer, showServer } from '../../src/dns/server-address.ts'

const query = { id: 4711, name: 'es.lab', type: 'A' } as const
const answer = encode({
  type: 'response',
  id: query.id,
  flags: RECURSION_AVAILABLE,
  questions: [{ name: 'es.lab', type: 'A' }],
  answers: [
    { type: 'CNAME', name: 'es.lab', ttl: 30, data: 'pool.lab' },
    { type: 'A', name: 'pool.lab', ttl: 30, data: '10.0.0.1' },
    { type: 'A', name: 'pool.lab', ttl: 30, data: '10.0.0.2' },
  ],
  authorities: [
    { type: 'SOA', name: 'lab', ttl: 5, data: { mname: 'ns.lab', rname: 'root.lab', minimum: 5 } },
  ],
})

describe('an answer', () => {
  const check = (bytes: Buffer): void => {
    const message = readMessage(bytes, query)
    if (message.kind !== 'answer' || message.answer.outcome !== 'answered') return
    assert.ok(message.answer.addresses.length > 0)
    for (const address of message.answer.addresses) assert.equal(isIP(address), 4)
    assert.ok(message.answer.ttlS >= 0 && message.answer.ttlS < 2 ** 31)
  }

  it('may be any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => check(Buffer.from(bytes))))
  })

  it('may begin well and go on with any bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: answer.length }),
        fc.uint8Array({ maxLength: 600 }),
        (length, tail) => check(Buffer.concat([answer.subarray(0, length), tail])),
      ),
      { numRuns: 500 },
    )
  })

  it('may have any of its bytes changed', () => {
    const change = fc.tuple(fc.nat(answer.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(answer)
        for (const [at, value] of changes) bytes[at] = value
        check(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  it('is read whole where nothing is wrong', () => {
    const message = readMessage(answer, query)
    const addresses = ['10.0.0.1', '10.0.0.2']
    assert.deepEqual(message, {
      kind: 'answer',
      answer: { outcome: 'answered', addresses, ttlS: 30 },
      truncated: false,
    })
  })

  it('that is all pointers is read in no time', () => {
    const bytes = Buffer.alloc(65_535)
    encodeQuery(query, false).copy(bytes)
    bytes.writeUInt16BE(0x8180, 2)
    let at = 24
    // An unknown record, whose data is a chain of pointers, each to the one before.
    bytes.writeUInt16BE(1, 4)
    bytes.writeUInt16BE(0xffff, 6)
    bytes.writeUInt8(0, at)
    bytes.writeUInt16BE(999, at + 1)
    bytes.writeUInt16BE(16_000, at + 9)
    at += 11
    const chain = at
    for (; at < chain + 16_000; at += 2) bytes.writeUInt16BE(0xc000 | Math.max(12, at - 2), at)
    for (; at + 12 < bytes.length; at += 12) bytes.writeUInt16BE(0xc000 | (chain + 15_998), at)
    for (const count of [0xffff, 1024, 1000]) {
      bytes.writeUInt16BE(count, 6)
      const startedMs = performance.now()
      check(bytes)
      const ms = performance.now() - startedMs
      assert.ok(ms < 500, `${ms} ms for ${count} records`)
    }
  })
})

describe('a name', () => {
  const anyName = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.domain(),
    fc.stringMatching(/^[a-zA-Z0-9_.-]{0,300}$/),
  )

  it('that is taken fits into a query, and comes back as it went', () => {
    fc.assert(
      fc.property(
        anyName,
        fc.array(fc.domain(), { maxLength: 3 }),
        fc.nat(6),
        (text, search, ndots) => {
          const name = canonicalName(text)
          if (name === undefined) return
          for (const candidate of candidatesOf(name, { ndots, search })) {
            assert.ok(isQueryable(candidate))
            const bytes = encodeQuery({ id: 1, name: candidate, type: 'A' }, true)
            assert.equal(decode(bytes).questions?.[0]?.name, candidate)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a file', () => {
  const word = fc.constantFrom(
    'nameserver',
    'search',
    'domain',
    'options',
    'ndots:',
    'ndots:5',
    'timeout:-1',
    'attempts:999999999999',
    '10.0.0.1',
    '::1',
    '::1%x',
    'a.lab',
    '.',
    '..',
    '#',
    ';',
    ' ',
    '\t',
    '\r',
    '\n',
    '\n',
    '\0',
    '__proto__',
    'constructor',
    'rotate',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.array(word, { maxLength: 200 }).map((words) => words.join(' ')),
  )

  it('resolv.conf may hold anything', () => {
    fc.assert(
      fc.property(text, text, (file, options) => {
        const conf = parseResolvConf(file, { RES_OPTIONS: options, LOCALDOMAIN: options })
        assert.ok(conf.servers.length <= 3)
        for (const server of conf.servers) assert.ok(parseServer(server))
        assert.ok(conf.ndots >= 0 && conf.ndots <= 15)
        assert.ok(conf.patienceMs >= 1_000 && conf.patienceMs <= 150_000)
        assert.ok((conf.search ?? []).length <= 32)
      }),
    )
  })

  it('hosts may hold anything', () => {
    fc.assert(
      fc.property(text, (file) => {
        for (const list of parseHosts(file).values()) {
          for (const { address, family } of list) assert.equal(isIP(address), family)
        }
      }),
    )
  })

  it('a server is shown as it is read', () => {
    const host = fc.oneof(fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (ip, port) => {
        const server = { host: ip, port }
        assert.deepEqual(parseServer(showServer(server)), server)
      }),
    )
  })
})

describe('what is known of a name', () => {
  const limits: CacheLimits = { minTtlMs: 1_000, maxTtlMs: 60_000, staleMs: 600_000 }
  const failure = { code: 'X', message: 'x', syscall: 'queryA' } as const
  const resolution: fc.Arbitrary<Resolution> = fc.oneof(
    fc.record({
      kind: fc.constant('found' as const),
      addresses: fc.constant([{ address: '10.0.0.1', family: 4 as const }]),
      ttlMs: fc.nat(100_000),
    }),
    fc
      .record({
        kind: fc.constant('missing' as const),
        ttlMs: fc.option(fc.nat(10_000), { nil: undefined }),
      })
      .map((missing) => ({ ...missing, ...failure })),
    fc.constant({ kind: 'failed' as const, ...failure }),
  )
  const step = fc.record({ resolution, afterMs: fc.nat(400_000) })

  const checkAnswer = (state: NameState, nowMs: number, foundMs: number): void => {
    const { kind } = answerFrom(state, nowMs, limits)
    if (foundMs === nowMs) assert.equal(kind, 'fresh')
    if (kind === 'fresh') assert.ok(nowMs - foundMs <= limits.maxTtlMs)
    if (kind === 'stale') assert.ok(nowMs - foundMs <= limits.maxTtlMs + limits.staleMs)
  }
  const checkPause = ({ known, trouble }: NameState, nowMs: number): void => {
    const pauseMs = (trouble?.againAtMs ?? nowMs) - nowMs
    assert.ok(pauseMs >= 0 && pauseMs <= (known === undefined ? 5_000 : 16_000))
  }

  it('no address outlives its time and the stale time, and no name waits longer than 16 s for its next question', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (steps, chance) => {
          let state: NameState = {}
          let nowMs = 0
          let foundMs = -Infinity
          for (const { resolution: came, afterMs } of steps) {
            nowMs += afterMs
            state = applyResolution(state, came, nowMs, limits, () => chance)
            if (came.kind === 'found') foundMs = nowMs
            checkAnswer(state, nowMs, foundMs)
            checkPause(state, nowMs)
          }
        },
      ),
    )
  })
})
