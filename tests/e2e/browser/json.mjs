// The API for programs against its own OpenAPI document: what the document allows no method
// finds malformed, what it does not allow is refused with a sentence.
// usage: json.mjs URL CODE PIN-FILE
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { told, end } from './told.mjs'

const [url, code, pinFile] = process.argv.slice(2)
const pin = readFileSync(pinFile, 'utf8').trim()
const entered = await fetch(`${url}/enter`, {
  method: 'POST', redirect: 'manual', headers: { Origin: url }, body: new URLSearchParams({ code, label: 'a program' })
})
const token = entered.headers.get('set-cookie').match(/session=([0-9a-f]{64})/)[1]
async function call (method, body, headers = {}) {
  const answer = await fetch(`${url}/api/v1/${method}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body)
  })
  return { code: answer.status, ...JSON.parse(await answer.text()) }
}
const about = await (await fetch(`${url}/api/v1/openapi.json`, { headers: { Authorization: `Bearer ${token}` } })).json()
const methods = Object.entries(about.paths).map(([path, { post }]) =>
  ({ name: path.slice('/api/v1/'.length), schema: post.requestBody.content['application/json'].schema }))
told('the document names every method', methods.length > 100, String(methods.length))
told('a locked device may not write', (await call('case.note', { case: '2026-0001', text: 'x' })).code === 403)
told('a PIN unlocks it', (await call('unlock', { pin })).code === 200)

// ---- a case by JSON, once
const once = { 'Idempotency-Key': randomBytes(16).toString('hex') }
const fresh = { category: '邻里', title: '由程序登记', narrative: '一', parties: [['张某', 'applicant'], ['李某', 'respondent']] }
const first = await call('case.new', fresh, once)
const second = await call('case.new', fresh, once)
told('a case is made', first.code === 200 && /^20\d\d-/.test(first.number), JSON.stringify(first))
told('the same key makes no second one', second.number === first.number)
told('the same key for something else is a conflict', (await call('case.new', { ...fresh, title: 'other' }, once)).code === 409)
told('it reads as it was written', (await call('case.show', { case: first.number })).view.parties[0][0] === '张某')

// ---- the document and the methods
const sample = {
  string: schema => schema.pattern?.includes('64') ? '00'.repeat(32) : schema.pattern ? '00ff' : '1',
  integer: () => 1,
  boolean: () => true,
  array: schema => schema.items.type === 'array' ? [['1', '1']] : schema.items.type === 'object' ? [{ title: '1' }] : [sample.string(schema.items)],
  object: () => ({ a: 'b' })
}
const wrong = { string: 7, integer: 'seven', boolean: 'yes', array: 'list', object: [] }
const last = ['device.lock', 'unlock', 'device.revoke', 'sync', 'peer.invite', 'peer.join', 'device.claim', 'device.enter']
for (const { name, schema } of methods) {
  if (last.includes(name)) continue
  const properties = Object.entries(schema.properties)
  const whole = Object.fromEntries(properties.map(([key, each]) => [key, sample[each.type](each)]))
  const least = Object.fromEntries((schema.required ?? []).map(key => [key, whole[key]]))
  const misses = []
  for (const [what, body] of [['least', least], ['whole', whole]]) {
    const answer = await call(name, body)
    if (answer.code >= 500 || /must be|is missing($|: (a|an|true|bytes) )|unknown argument|has to be (a|bytes)/.test(answer.error ?? '')) misses.push(`${what}: ${answer.code} ${answer.error}`)
  }
  for (const key of schema.required ?? []) {
    const { [key]: left, ...rest } = least
    const answer = await call(name, rest)
    if (answer.code !== 422 || !answer.error.includes(key)) misses.push(`without ${key}: ${answer.code} ${answer.error}`)
  }
  for (const [key, each] of properties) {
    const answer = await call(name, { ...least, [key]: wrong[each.type] })
    if (answer.code !== 422 || !answer.error.includes(key)) misses.push(`wrong ${key}: ${answer.code} ${answer.error}`)
  }
  const answer = await call(name, { ...least, 'no-such': 1 })
  if (answer.code !== 422) misses.push(`unknown: ${answer.code}`)
  told(`${name} is as the document says`, misses.length === 0, misses.join('; '))
}

// ---- hostile
for (const [what, body] of [['no JSON', '{'], ['a list', '[]'], ['a name twice', '{"case":"1","case":"2"}'],
  ['a fraction', '{"case":1.5}'], ['something deep', '['.repeat(5000) + ']'.repeat(5000)], ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])]]) {
  const answer = await fetch(`${url}/api/v1/case.show`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body })
  told(`${what} is refused`, answer.status === 422, String(answer.status))
}
told('a form of another site is none', (await fetch(`${url}/api/v1/status`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' }, body: '{}' })).status === 422)
told('without a session nothing is said', (await fetch(`${url}/api/v1/status`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).status === 403)
end()
