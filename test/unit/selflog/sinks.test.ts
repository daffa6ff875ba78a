import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FileSink } from '../../../src/selflog/file-sink.ts'
import { StderrSink } from '../../../src/selflog/stderr-sink.ts'
import { BlockableClock, ScriptedDisk } from './scripted-disk.ts'

const line = (text: string): Buffer => Buffer.from(`${text}\n`)

function openStderr() {
  const disk = new ScriptedDisk()
  return { disk, sink: new StderrSink(disk, new BlockableClock(disk)) }
}

function openFile(maxBytes: number) {
  const disk = new ScriptedDisk()
  return { disk, sink: new FileSink('self.log', maxBytes, disk) }
}

describe('StderrSink', () => {
  it('writes a line in one piece', () => {
    const { disk, sink } = openStderr()
    sink.write(line('one'), 20)
    assert.deepEqual(disk.linesOn(2), ['one'])
    assert.equal(disk.writes, 1)
  })

  it('goes on after short writes', () => {
    const { disk, sink } = openStderr()
    disk.outcomes.push(1, 2, 0, 1)
    sink.write(line('short writes'), 20)
    assert.deepEqual(disk.linesOn(2), ['short writes'])
    assert.equal(sink.takeMissed(), 0)
  })

  it('tries a full pipe again until there is room', () => {
    const { disk, sink } = openStderr()
    disk.outcomes.push('EAGAIN', 'EAGAIN', 'EAGAIN')
    sink.write(line('patient'), 20)
    assert.deepEqual(disk.linesOn(2), ['patient'])
    assert.equal(disk.pausedMs, 3)
    assert.equal(sink.takeMissed(), 0)
  })

  it('gives a full pipe up after its patience, and counts the line', () => {
    const { disk, sink } = openStderr()
    disk.always = 'EAGAIN'
    sink.write(line('lost'), 20)
    assert.equal(disk.pausedMs, 20)
    sink.write(line('lost too'), 500)
    assert.equal(disk.pausedMs, 520)
    assert.equal(sink.takeMissed(), 2)
    assert.equal(sink.takeMissed(), 0)
  })

  it('begins a new line after one that got only partly through', () => {
    const { disk, sink } = openStderr()
    disk.outcomes.push(3)
    disk.always = 'EAGAIN'
    sink.write(line('torn line'), 20)
    disk.always = undefined
    sink.write(line('whole'), 20)
    sink.write(line('whole too'), 20)
    assert.deepEqual(disk.linesOn(2), ['tor', 'whole', 'whole too'])
    assert.equal(sink.takeMissed(), 1)
  })

  for (const code of ['EPIPE', 'EBADF'] as const) {
    it(`writes no more after ${code}, and never throws`, () => {
      const { disk, sink } = openStderr()
      disk.outcomes.push(code)
      sink.write(line('nobody reads'), 20)
      sink.write(line('any more'), 20)
      assert.equal(disk.writes, 1)
      assert.deepEqual(disk.linesOn(2), [])
    })
  }

  it('tries the next line after any other failure, as of a full disk', () => {
    const { disk, sink } = openStderr()
    disk.outcomes.push('ENOSPC', 'EIO')
    sink.write(line('lost'), 20)
    sink.write(line('lost'), 20)
    sink.write(line('through'), 20)
    assert.deepEqual(disk.linesOn(2), ['through'])
    assert.equal(sink.takeMissed(), 2)
  })
})

describe('FileSink', () => {
  it('appends to the file, and turns it over before it grows beyond its limit', () => {
    const { disk, sink } = openFile(10)
    for (const text of ['aaaa', 'bbbb', 'cccc']) sink.write(line(text))
    assert.equal(disk.text('self.log.1'), 'aaaa\nbbbb\n')
    assert.equal(disk.text('self.log'), 'cccc\n')
    assert.equal(disk.openFiles, 1)
  })

  it('counts what an earlier process has left in the file', () => {
    const { disk, sink } = openFile(10)
    disk.files.set('self.log', [line('12345678')])
    sink.write(line('new'))
    assert.equal(disk.text('self.log.1'), '12345678\n')
    assert.equal(disk.text('self.log'), 'new\n')
  })

  it('overwrites the older of its two files', () => {
    const { disk, sink } = openFile(5)
    for (const text of ['aaaa', 'bbbb', 'cccc']) sink.write(line(text))
    assert.deepEqual([...disk.files.keys()].sort(), ['self.log', 'self.log.1'])
    assert.equal(disk.text('self.log.1'), 'bbbb\n')
  })

  it('writes a line that is longer than the limit, alone', () => {
    const { disk, sink } = openFile(4)
    sink.write(line('too long'))
    assert.equal(disk.text('self.log'), 'too long\n')
    assert.equal(disk.files.size, 1)
  })

  for (const operation of ['openAppend', 'size', 'rename', 'close'] as const) {
    it(`never throws when ${operation} fails, and writes again when it works`, () => {
      const { disk, sink } = openFile(6)
      sink.write(line('aaaa'))
      disk.broken.add(operation)
      sink.write(line('bbbb'))
      sink.close()
      sink.write(line('cccc'))
      disk.broken.clear()
      const missedBefore = sink.takeMissed()
      sink.write(line('dddd'))
      sink.close()
      assert.ok(disk.text('self.log').endsWith('dddd\n'))
      assert.equal(sink.takeMissed(), 0)
      assert.equal(missedBefore, operation === 'close' ? 0 : 2)
      assert.equal(disk.openFiles, 0)
    })
  }

  it('counts the line of a full disk, opens the file anew, and begins a new line', () => {
    const { disk, sink } = openFile(1_000)
    sink.write(line('first'))
    disk.outcomes.push(3, 'ENOSPC')
    sink.write(line('torn line'))
    assert.equal(disk.openFiles, 0)
    sink.write(line('whole'))
    assert.equal(disk.text('self.log'), 'first\ntor\nwhole\n')
    assert.equal(sink.takeMissed(), 1)
  })
})
