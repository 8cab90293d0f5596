// Phones of page.sh.
//   page.mjs enter ADDRESS CODE I                               prints the session
//   page.mjs measure ADDRESS PID ROUNDS CASE SESSION...
import http from 'node:http'
import { readFileSync, readdirSync } from 'node:fs'

const [what, address, ...rest] = process.argv.slice(2)
const [host, port] = address.split(':')

// Each phone has an address and connections of its own.
function phone (i, session) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  // A node closes connections that rest; a browser then asks again.
  return async (...asked) => {
    try { return await ask(...asked) } catch { return ask(...asked) }
  }
  function ask (method, path, body = '') { return new Promise((resolve, reject) => {
    const request = http.request({
      host, port, method, path, agent, localAddress: `127.0.1.${i + 1}`,
      headers: {
        Host: address,
        Origin: `http://${address}`,
        ...(session ? { Cookie: `session=${session}` } : {}),
        ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) } : {})
      }
    }, answer => {
      let bytes = 0
      answer.on('data', part => { bytes += part.length })
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes }))
    })
    request.on('error', reject)
    request.end(body)
  }) }
}
function openStream (i, session) {
  http.get({ host, port, path: '/live', localAddress: `127.0.1.${i + 1}`, agent: false, headers: { Host: address, Cookie: `session=${session}` } },
    answer => answer.resume())
}
const memory = (pid, name) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s*(\\d+)`))[1])
function cpuMs (pid) {
  let ns = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
  return ns / 1e6
}

if (what === 'enter') {
  const [code, i] = rest
  const answer = await phone(Number(i))('POST', '/enter', `code=${code}&label=phone`)
  console.log(answer.headers['set-cookie'][0].match(/session=([0-9a-f]+)/)[1])
} else {
  const [pid, rounds, number, ...sessions] = rest
  const phones = sessions.map((session, i) => phone(i, session))
  // Searching needs a person who is unlocked, for ten minutes from the last request on.
  async function unlock (i) {
    const page = await new Promise(resolve => http.get({ host, port, path: '/search', localAddress: `127.0.1.${i + 1}`, headers: { Host: address, Cookie: `session=${sessions[i]}` } },
      answer => { let text = ''; answer.on('data', part => { text += part }); answer.on('end', () => resolve(text)) }))
    const mark = page.match(/name="mark" value="([0-9a-f]+)"/)[1]
    return phones[i]('POST', '/unlock', `mark=${mark}&back=/search&pin=246810`)
  }
  for (let i = 0; i < phones.length; i++) await unlock(i)
  const sorts = [['style sheet', '/style.css'], ['Today', '/'], ['a case', `/case/${number}`], ['a page of cases', '/cases'], ['search', '/search?words=' + encodeURIComponent('第99')]]
  console.log(`${'what'.padEnd(34)}${'a second'.padStart(10)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'node ms'.padStart(9)}${'bytes'.padStart(9)}`)
  // pauseMs: 0: each phone asks again at once; else as people do, after so long on average.
  async function measure (name, path, count, pauseMs = 0) {
    const times = []
    let bytes = 0
    let left = Number(rounds)
    const before = cpuMs(pid)
    const began = process.hrtime.bigint()
    await Promise.all(phones.slice(0, count).map(async ask => {
      while (left-- > 0) {
        if (pauseMs > 0) await new Promise(resolve => setTimeout(resolve, 2 * pauseMs * Math.random()))
        const since = process.hrtime.bigint()
        const answer = await ask('GET', path)
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
        times.push(Number(process.hrtime.bigint() - since) / 1e6)
        bytes = answer.bytes
      }
    }))
    const seconds = Number(process.hrtime.bigint() - began) / 1e9
    times.sort((a, b) => a - b)
    const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1)
    console.log(`${`${name}, ${count} ${pauseMs > 0 ? 'in use' : 'at once'}`.padEnd(34)}${(times.length / seconds).toFixed(0).padStart(10)}${at(0.5).padStart(9)}${at(0.99).padStart(9)}${((cpuMs(pid) - before) / times.length).toFixed(2).padStart(9)}${String(bytes).padStart(9)}`)
  }
  for (const [name, path] of sorts) await measure(name, path, 1)
  sessions.forEach((session, i) => openStream(i, session))
  await new Promise(resolve => setTimeout(resolve, 500))
  for (const [name, path] of sorts) await measure(name, path, phones.length, 2000)
  for (const [name, path] of sorts) await measure(name, path, phones.length)
  console.log(`${'memory of the node, KiB: now, peak'.padEnd(34)}${String(memory(pid, 'VmRSS')).padStart(10)}${String(memory(pid, 'VmHWM')).padStart(9)}`)
  process.exit(0)
}
