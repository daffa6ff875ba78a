import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { createClient } from '@redis/client'
import { createLookup } from 'pino-loudsink/dns'
import { Agent, request } from 'undici'

const web = process.env['EXAMPLE_WEB'] ?? 'http://localhost:9200'
const redisUrl = process.env['EXAMPLE_REDIS'] ?? 'redis://localhost:6379'

// #region lookup
// One for the whole process: all clients share its cache, and none waits 5 s for a lost packet.
const lookup = createLookup()
lookup.onEvent(({ code, name, durationMs }) => console.log(`${code}: ${name}, ${durationMs} ms`))

// undici, and fetch by its option `dispatcher`
const dispatcher = new Agent({ connect: { lookup } })
const first = await request(web, { dispatcher })
console.log(`undici: ${first.statusCode}`)

// node:http, and every library that takes an agent
const agent = new HttpAgent({ keepAlive: true, lookup })
httpRequest(web, { agent }, (response) => {
  console.log(`http.Agent: ${response.statusCode}`)
  response.resume()
  agent.destroy()
}).end()

// A database driver that hands socket options on: node-redis
const redis = createClient({ url: redisUrl, socket: { lookup } })
redis.on('error', (error: Error) => console.error(error.message))
await redis.connect()
console.log(`redis: ${await redis.ping()}`)
// #endregion

redis.destroy()
await first.body.dump()
await dispatcher.close()
console.log(`${lookup.stats().misses} resolved, ${lookup.stats().hits} from the cache`)
lookup.close()
