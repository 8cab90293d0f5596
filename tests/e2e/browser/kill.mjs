// The node dies by kill -9 in the middle of a form that is sent, again and again; the browser
// sends it anew. Nothing that was said to be saved is lost, and nothing is there twice.
// usage: kill.mjs FENGQIAOD FENGQIAO DIR ADDRESS PIN-FILE
import http from 'node:http'
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { told, end } from './told.mjs'

const [program, client, dir, address, pinFile] = process.argv.slice(2)
const pin = readFileSync(pinFile, 'utf8').trim()
const rounds = 8
const [host, port] = address.split(':')
let node

function start () {
  node = spawn(program, ['run', '--dir', dir, '--web', address, '--web-open-to-network'], { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    let said = ''
    node.stderr.on('data', part => { said += part; if (/^ready/m.test(said)) resolve() })
    node.on('exit', () => reject(new Error(said)))
  })
}
function stop (signal) {
  const gone = new Promise(resolve => node.removeAllListeners('exit').on('exit', resolve))
  node.kill(signal)
  return gone
}
process.on('exit', () => node?.kill('SIGKILL'))

// Status and place; 0 where the node went away.
function ask (method, path, cookie, body = '') {
  return new Promise(resolve => {
    const request = http.request({
      host, port, method, path, agent: false, timeout: 20000,
      headers: { Host: address, Origin: `http://${address}`, Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) }
    }, answer => {
      let text = ''
      answer.on('data', part => { text += part })
      answer.on('end', () => resolve({ status: answer.statusCode, text, place: answer.headers.location ?? '', cookie: answer.headers['set-cookie']?.[0] ?? '' }))
      answer.on('error', () => resolve({ status: 0, text: '', place: '' }))
    })
    request.on('error', () => resolve({ status: 0, text: '', place: '' }))
    request.on('timeout', () => request.destroy())
    request.end(body)
  })
}
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

await start()
const { code } = JSON.parse(execFileSync(client, ['--dir', dir, 'device', 'invite', '--json'], { env: { ...process.env, FENGQIAO_PIN_FILE: pinFile } }))
const cookie = (await ask('POST', '/enter', '', `code=${code}&label=killed`)).cookie.split(';')[0]
const mark = (await ask('GET', '/cases/new', cookie)).text.match(/name="mark" value="([0-9a-f]+)"/)[1]
let interrupted = 0
const places = []
for (let i = 0; i < rounds; i++) {
  const body = new URLSearchParams({ mark, once: randomBytes(16).toString('hex'), pin, title: `断电第${i}次`, category: '邻里', narrative: '写到一半' }).toString()
  const first = ask('POST', '/cases/new', cookie, body)
  // From before it arrives to after it was answered: opening the key takes most of it.
  await sleep(i * 120)
  await stop('SIGKILL')
  const before = await first
  interrupted += before.status === 0
  await start()
  const again = await ask('POST', '/cases/new', cookie, body)
  told(`sent again after kill -9 at ${i * 120} ms it is taken`, again.status === 303, String(again.status))
  if (before.status === 303) told('and it is the case that was said to be saved', before.place === again.place)
  places.push(again.place)
}
told('some were interrupted', interrupted > 0)
const list = (await ask('GET', '/cases', cookie)).text
for (let i = 0; i < rounds; i++) told(`case ${i} is there once`, list.split(`断电第${i}次`).length === 2)
told('each is a case of its own', new Set(places).size === rounds)
await stop('SIGTERM')
end()
