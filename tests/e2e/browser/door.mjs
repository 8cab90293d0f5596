// The door of the page, byte by byte: W1 to W3 of the bad inputs.
// usage: door.mjs URL CODE OTHER-CODE
import net from 'node:net'
import { told, end } from './told.mjs'

const [url, code] = process.argv.slice(2)
const { hostname, port, host } = new URL(url)

// Sends these bytes and gives back what comes until the node closes, or two seconds pass.
function speak (bytes, patience = 2000) {
  return new Promise(resolve => {
    const parts = []
    const socket = net.connect(Number(port), hostname)
    const done = () => { socket.destroy(); resolve(Buffer.concat(parts).toString('utf8')) }
    socket.on('data', part => { parts.push(part) })
    socket.on('close', done)
    socket.on('error', done)
    setTimeout(done, patience)
    socket.write(bytes)
  })
}
const status = answer => Number(answer.split(' ')[1] ?? 0)
const header = (answer, name) =>
  answer.split('\r\n').find(line => line.toLowerCase().startsWith(name + ':'))?.slice(name.length + 1).trim()
function request (method, path, { headers = {}, body = '' } = {}) {
  const all = { Host: host, Connection: 'close', ...headers }
  if (method === 'POST') {
    all['Content-Type'] ??= 'application/x-www-form-urlencoded'
    all['Content-Length'] ??= String(Buffer.byteLength(body))
  }
  const head = Object.entries(all).filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return speak(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`)
}

// ---- W1
let answer = await request('GET', '/', { headers: { Host: 'evil.example' } })
told('W1 another Host is refused', status(answer) === 403, answer.slice(0, 60))
answer = await request('GET', '/', { headers: { Host: null } })
told('W1 no Host is refused', [400, 403].includes(status(answer)), answer.slice(0, 60))
for (const origin of ['null', 'http://evil.example', `https://${host}`, `http://${host}.evil.example`]) {
  answer = await request('POST', '/enter', { headers: { Origin: origin }, body: `code=${code}` })
  told(`W1 a form from ${origin} is refused`, status(answer) === 403, answer.slice(0, 60))
}
for (const method of ['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'BREW']) {
  answer = await request(method, '/')
  told(`W1 ${method} is refused`, [400, 405, 501].includes(status(answer)), answer.slice(0, 60))
}
answer = await request('GET', `/enter/${code}`)
told('W1 looking at an invitation uses it up for nobody', status(answer) === 200 && !header(answer, 'set-cookie'))
answer = await request('GET', `/enter?code=${code}`)
told('W1 nor does a GET with it', !header(answer, 'set-cookie'))

// ---- what every answer says
for (const [name, wanted] of [['cache-control', 'no-store'], ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'], ['referrer-policy', 'same-origin']]) {
  told(`an answer says ${name}`, header(answer, name) === wanted, header(answer, name))
}
told('an answer allows its own origin alone',
  (header(answer, 'content-security-policy') ?? '').startsWith("default-src 'none'"))

// ---- W2
answer = await request('GET', '/')
told('W2 without a session there is the door', status(answer) === 303 && header(answer, 'location') === '/enter')
const made = 'a'.repeat(64)
answer = await request('POST', '/enter', { headers: { Origin: url, Cookie: `session=${made}` }, body: `code=${code}` })
const session = (header(answer, 'set-cookie') ?? '').match(/session=([0-9a-f]{64})/)?.[1]
told('W2 a session that somebody else chose is none: there is a new one', session !== undefined && session !== made)
told('W2 no script and no other site sees it',
  /HttpOnly/.test(header(answer, 'set-cookie')) && /SameSite=Strict/.test(header(answer, 'set-cookie')))
answer = await request('POST', '/enter', { headers: { Origin: url }, body: `code=${code}` })
told('W2 an invitation is for one device', status(answer) === 403, answer.slice(0, 60))
const Cookie = `session=${session}`
answer = await request('GET', '/cases/new', { headers: { Cookie } })
const mark = answer.match(/name="mark" value="([0-9a-f]+)"/)?.[1]
told('W2 the device is in', status(answer) === 200 && mark !== undefined)
const form = `title=x&category=y&narrative=z&pin=246810`
for (const [what, said] of [['no', ''], ['an old', `&mark=${'0'.repeat(32)}`], ['half a', `&mark=${mark?.slice(0, 16)}`]]) {
  answer = await request('POST', '/cases/new', { headers: { Origin: url, Cookie }, body: form + said })
  told(`W2 a form with ${what} mark is refused`, status(answer) === 403, answer.slice(0, 60))
}
answer = await request('GET', '/cases/new?' + form + `&mark=${mark}`, { headers: { Cookie } })
answer = await request('GET', '/cases', { headers: { Cookie } })
told('W2 and nothing was written', status(answer) === 200 && !/\/case\/20/.test(answer))
let refused = 0
for (let i = 0; i < 40; i++) {
  answer = await request('POST', '/enter', { headers: { Origin: url }, body: `code=${String(i).padStart(26, 'a')}` })
  refused += status(answer) >= 400
}
told('W2 wrong invitations open nothing', refused === 40, String(refused))

// ---- W3
const long = 'x'.repeat(1024 * 1024)
answer = await speak(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${long}\r\n\r\n`)
told('W3 a megabyte of headers is refused', [0, 400, 413, 431].includes(status(answer)), answer.slice(0, 60))
answer = await speak(`GET /${long} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
told('W3 a path of a megabyte as well', [0, 400, 414, 431].includes(status(answer)), answer.slice(0, 60))
answer = await speak(`POST /enter HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)
told('W3 a length and chunks at once give nobody a second request', (answer.match(/HTTP\/1\.1/g) ?? []).length <= 1, answer.slice(0, 60))
answer = await speak(`POST /enter HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx`)
told('W3 a chunk longer than numbers go is refused', [0, 400, 413].includes(status(answer)), answer.slice(0, 60))
answer = await request('POST', '/enter', { headers: { Origin: url, 'Content-Length': '999999999999' } })
told('W3 a body of a terabyte is refused before it comes', status(answer) === 413, answer.slice(0, 60))
for (const path of ['/%00', '/..%2f..%2fetc/passwd', '/../../etc/passwd', '//evil.example/', '/case/%2e%2e', '/style.css/..']) {
  answer = await request('GET', path, { headers: { Cookie } })
  told(`W3 ${path} is nowhere`, [303, 400, 404].includes(status(answer)) && !/root:/.test(answer), answer.slice(0, 60))
}
answer = await request('POST', '/language', { headers: { Origin: url }, body: 'back=//evil.example/' })
told('W3 no form leads away from here', header(answer, 'location') === '/', header(answer, 'location'))
answer = await request('GET', '/search?words=%ff%fe%00', { headers: { Cookie } })
told('W3 a query that is no text is answered', status(answer) > 0 && status(answer) < 500, answer.slice(0, 60))
answer = await request('GET', '/?said=%3Cscript%3E', { headers: { Cookie } })
told('W3 a page says nothing that a link put into its mouth', status(answer) === 200 && !/script%3E|&lt;script/.test(answer))
end()
