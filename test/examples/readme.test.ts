import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { dropReasons } from '../../src/core/ledger.ts'
import { eventCodes } from '../../src/core/self-log-event.ts'
import { environmentNames } from '../../src/options/environment.ts'
import { eventTable } from '../../src/selflog/event-table.ts'
import { faultKinds } from '../../src/testing/fault.ts'
import type { Snippet } from './snippets.ts'
import { regionOf, snippetsOf } from './snippets.ts'

const readme = readFileSync('README.md', 'utf8')

/** The source files below a folder, as one text each. */
const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))

const matches = (texts: readonly string[], pattern: RegExp): readonly string[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))),
]

/** Text that stands in README between backquotes; lists like `a b` and `x.y` count too. */
const named = new Set(
  [...readme.matchAll(/`([^`\n]+)`/g)].flatMap((match) => (match[1] ?? '').split(/[ ,:{}]+/)),
)

describe('README.md', () => {
  it('has its two commands', () => {
    assert.ok(readme.includes('npm ci && npm run demo'))
    assert.ok(readme.includes('npm ci && npm test'))
  })

  for (const { marker, line, code } of snippetsOf(readme)) {
    it(`line ${line}: the snippet is ${marker ?? 'marked'}`, () => {
      assert.ok(marker, 'a ts block needs a marker, <!-- example: examples/file.ts#region -->')
      assert.equal(
        code,
        regionOf(marker, (file) => readFileSync(file, 'utf8')),
      )
    })
  }

  it('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#:\s]+)\)/g)].map((match) => match[1] ?? '')
    assert.ok(links.length > 5)
    for (const link of links) assert.doesNotThrow(() => readFileSync(link), link)
  })

  it('has a heading for each anchor', () => {
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] ?? '').toLowerCase().replaceAll(' ', '-'),
    )
    for (const [, anchor = ''] of readme.matchAll(/\]\(#([^)]+)\)/g)) {
      assert.ok(headings.includes(anchor), anchor)
    }
  })

  it('has the sections that the self-log sends its readers to', () => {
    const titles = matches(sources('src'), /README, "([^"]+)"|"([^"]+)" in README/g)
    const others = matches(sources('src'), /"([^"]+)" in README/g)
    for (const title of [...titles, ...others].filter((text) => text !== '')) {
      assert.match(readme, new RegExp(`^#+ ${title}$`, 'm'))
    }
  })
})

describe('what is API stands in README.md', () => {
  for (const code of eventCodes) {
    it(`the event ${code}, with its severity, kind and closer`, () => {
      const { severity, kind, closedBy } = eventTable[code]
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${code}\` |`))
      assert.ok(row)
      const cells = row.split('|').map((cell) => cell.trim())
      assert.deepEqual([cells[2], cells[3]], [severity, kind])
      assert.equal(cells[5], closedBy === undefined ? '' : `\`${closedBy}\``)
    })
  }

  it('no event that does not exist', () => {
    const rows = [...readme.matchAll(/^\| `([a-z]+\.[a-z_]+)` \| (?:info|warn|error) /gm)]
    assert.deepEqual(rows.map((match) => match[1]).sort(), [...eventCodes].sort())
  })

  it('every reason of a drop', () => {
    for (const reason of dropReasons) assert.ok(named.has(reason), reason)
  })

  it('every failure code of ours', () => {
    const codes = matches(sources('src/bulk'), /(?:TryError\(|code: |staleCode = )\s*'([a-z_]+)'/g)
    assert.ok(codes.includes('dns_timeout') && codes.includes('bad_answer'))
    for (const code of [...codes, 'module_not_loaded', 'unknown_error']) {
      assert.match(readme, new RegExp(`^\\| \`${code}\` \\|`, 'm'), code)
    }
  })

  it('every option, and every option of a group', () => {
    const text = readFileSync('src/options/shipper-options.ts', 'utf8')
    const [groups = '', top = ''] = text.split('export interface ShipperOptions')
    for (const name of matches([top], /readonly (\w+)\?:/g)) {
      assert.ok(named.has(name) || readme.includes(`\`${name}.`), name)
    }
    for (const name of matches([groups], /readonly (\w+)\?:/g)) {
      assert.match(readme, new RegExp(`\`\\w+\\.${name}\``), name)
    }
  })

  it('every environment variable', () => {
    for (const name of Object.values(environmentNames)) assert.ok(named.has(name), name)
  })

  it('every fault of the testing harness', () => {
    for (const kind of faultKinds) assert.ok(named.has(kind), kind)
  })

  it('every value that the package exports', async () => {
    const { default: _, ...exported } = await import('pino-loudsink')
    for (const name of Object.keys(exported)) {
      assert.match(readme, new RegExp(`\`${name}\\b`), name)
    }
  })
})

describe('snippetsOf', () => {
  const fence = '```'
  const blocks = (markdown: string): readonly Snippet[] => snippetsOf(markdown)

  it('finds the marker right above a block', () => {
    const text = `<!-- example: a.ts#b -->\n${fence}ts\nx\n${fence}\n`
    assert.deepEqual(blocks(text), [{ marker: 'a.ts#b', line: 2, code: 'x\n' }])
  })

  it('finds a block without one', () => {
    assert.equal(blocks(`text\n${fence}ts\nx\n${fence}\n`)[0]?.marker, undefined)
  })

  it('takes whole files and regions', () => {
    const file = 'a\n// #region one\nb\n// #endregion\nc\n'
    assert.equal(
      regionOf('f.ts', () => file),
      file,
    )
    assert.equal(
      regionOf('f.ts#one', () => file),
      'b\n',
    )
    assert.throws(() => regionOf('f.ts#two', () => file), /no region two/)
  })
})
