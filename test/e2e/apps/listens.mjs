/** An application that listens to the self-log of two workers, one of which is not ours, and is done. */
import pino from 'pino'
import { onSelfLog } from 'pino-loudsink'

const ours = pino.transport({ target: 'pino-loudsink', options: { node: 'http://127.0.0.1:1' } })
const theirs = pino.transport({ target: 'pino/file', options: { destination: '/dev/null' } })
onSelfLog(pino({}, pino.multistream([{ stream: ours }, { stream: theirs }])), () => {})
