// Who knocks too often or speaks too slowly, and what it costs the node.
// usage: crowd.mjs URL PID FIRST-ADDRESS...   (addresses of this machine besides the node's)
import net from 'node:net'
import { readFileSync } from 'node:fs'
import { told, end } from './told.mjs'

const [url, pid, slowAddress, ...addresses] = process.argv.slice(2)
const { hostname, port, host } = new URL(url)
const memory = () => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s*(\d+)/)[1])
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

function open (localAddress, first = '') {
  const socket = net.connect({ host: hostname, port: Number(port), localAddress })
  const one = { socket, isOpen: false, isClosed: false, text: '', since: Date.now(), lived: 0 }
  socket.on('connect', () => { one.isOpen = true; if (first) socket.write(first) })
  socket.on('data', part => { one.text += part.toString('latin1') })
  socket.on('close', () => { one.isClosed = true; one.lived = Date.now() - one.since })
  socket.on('error', () => {})
  return one
}

// ---- one that sends its head a byte a second, beside all the rest
const slow = open(slowAddress, 'GET / HTTP/1.1\r\nHost: ')
const drip = setInterval(() => { if (!slow.isClosed) slow.socket.write('x') }, 1000)

// ---- many of one address
const many = []
for (let i = 0; i < 16; i++) many.push(open(addresses[0]))
await sleep(500)
const kept = many.filter(one => !one.isClosed).length
told('one address has at most 12 connections', kept <= 12 && kept >= 8, String(kept))
const other = open(slowAddress, `GET /enter HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
await sleep(500)
told('another one is served all the same', other.text.startsWith('HTTP/1.1 200'), other.text.slice(0, 40))
many.forEach(one => one.socket.destroy())
await sleep(500)

// ---- as many as there may be, each with the largest head that is read
const before = memory()
const head = `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${'x'.repeat(15000)}`
const crowd = []
for (const address of addresses) for (let i = 0; i < 12; i++) crowd.push(open(address, head))
await sleep(1500)
const inside = crowd.filter(one => one.isOpen && !one.isClosed).length
const grown = memory() - before
told(`${inside} connections with heads of 15 KB cost 48 KiB each at most`, inside > 100 && grown < inside * 48, `${grown} KiB`)
told('and the node stays within 24 MiB', memory() < 24 * 1024, `${memory()} KiB`)
crowd.forEach(one => one.socket.destroy())
await sleep(500)
const after = open(slowAddress, `GET /enter HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
await sleep(500)
told('when they are gone a page is served', after.text.startsWith('HTTP/1.1 200'), after.text.slice(0, 40))

// ---- the slow one is shown out, however alive it seems
for (let i = 0; i < 40 && !slow.isClosed; i++) await sleep(1000)
clearInterval(drip)
told('whoever speaks too slowly is shown out', slow.isClosed && slow.lived > 10000, String(slow.lived))
for (const one of [...many, ...crowd, slow, other, after]) one.socket.destroy()
end()
