#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { answerCommandLine } from './answer-command-line.ts'

const manifest = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

const { text, stream, exitCode } = answerCommandLine(process.argv.slice(2), manifest.version)
process[stream].write(text)
process.exitCode = exitCode
