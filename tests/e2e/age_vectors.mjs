// The public test vectors of age (C2SP CCTV, package cctv-age) before our reader: each is
// opened, or refused by the very check that it was made to break, and gives out the same
// bytes until then. Post-quantum (hybrid) keys are no part of what we read.
// usage: age_vectors.mjs MODULES fengqiao-conform
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inflateSync } from 'node:zlib'

const [modules, conform] = process.argv.slice(2)
const require = createRequire(join(modules, 'here.js'))
const vectors = await import(pathToFileURL(require.resolve('cctv-age')))
const home = mkdtempSync(join(tmpdir(), 'age-'))
const file = join(home, 'file.age')
let held = 0
let passed = 0
let failed = 0

function parse (vector) {
  const blank = vector.indexOf('\n\n')
  const says = { keys: [] }
  for (const line of vector.subarray(0, blank).toString().split('\n')) {
    const [name, value] = [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]
    if (name === 'identity' || name === 'passphrase') says.keys.push(value)
    else says[name] = value
  }
  const body = vector.subarray(blank + 2)
  return { ...says, body: says.compressed === 'zlib' ? inflateSync(body) : body }
}

function open (key) {
  const run = spawnSync(conform, ['age-decrypt', key, file], { maxBuffer: 1 << 26 })
  return {
    said: run.status === 0 ? 'success' : run.stderr.toString().trim().replace('MAC', 'HMAC'),
    hash: createHash('sha256').update(run.stdout).digest('hex')
  }
}

for (const [name, bytes] of Object.entries(vectors.default ?? vectors)) {
  const vector = parse(Buffer.from(bytes))
  if (/hybrid/.test(name)) { passed++; continue }
  writeFileSync(file, vector.body)
  // One key at a time, as our program takes them: the one that opens it has the word.
  const tries = (vector.keys.length > 0 ? vector.keys : ['none']).map(open)
  const best = tries.find(each => each.said !== 'no match') ?? tries[0]
  const holds = best.said === vector.expect && (vector.payload === undefined || best.hash === vector.payload)
  if (holds) held++
  else { failed++; console.log(`FAILED  ${name}: ${best.said}, and it should be ${vector.expect}`) }
}
rmSync(home, { recursive: true })
console.log(`${held} vectors held, ${failed} did not; ${passed} are of a kind that we do not read`)
if (failed > 0 || held < 100) process.exit(1)
