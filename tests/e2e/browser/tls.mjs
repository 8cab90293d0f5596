// The page under TLS: by the node's own authority, for its own addresses, and never by half.
// usage: tls.mjs FENGQIAOD DIR HOST
import https from 'node:https'
import { spawn } from 'node:child_process'
import { chmodSync, readFileSync, renameSync, statSync } from 'node:fs'
import { told, end } from './told.mjs'

const [program, dir, host] = process.argv.slice(2)
const port = 8443
let node
// Ends with what it said: when it is ready, or has given up.
function start () {
  node = spawn(program, ['run', '--dir', dir, '--web', `${host}:${port}`, '--web-open-to-network', '--web-tls', '--web-names', `pi.local:${port}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise(resolve => {
    let said = ''
    node.stderr.on('data', part => { said += part; if (/^ready/m.test(said)) resolve(said) })
    node.on('exit', () => resolve(said))
  })
}
const stop = () => new Promise(resolve => { node.on('exit', resolve); node.kill('SIGTERM') })
process.on('exit', () => node?.kill('SIGKILL'))
function ask (options) {
  return new Promise(resolve => {
    const request = https.get({ host, port, path: '/enter', headers: { Host: `${options.servername ?? host}:${port}` }, agent: false, timeout: 5000, ...options },
      answer => { answer.resume(); answer.on('end', () => resolve({ status: answer.statusCode, protocol: answer.socket.getProtocol() })) })
    request.on('error', error => resolve({ status: 0, why: error.code }))
    request.on('timeout', () => request.destroy())
  })
}

let said = await start()
const ca = readFileSync(`${dir}/web-ca.pem`)
told('the fingerprint of the authority is said', /sha256=[0-9a-f]{64}/.test(said))
told('its key is for nobody else', (statSync(`${dir}/web-ca.key`).mode & 0o77) === 0)
let answer = await ask({ ca })
told('who trusts the authority is served', answer.status === 200 && /^TLSv1\.[23]$/.test(answer.protocol), JSON.stringify(answer))
answer = await ask({ ca, servername: 'pi.local' })
told('under its name as well', answer.status === 200, JSON.stringify(answer))
answer = await ask({})
told('who does not trust it is warned', answer.status === 0, JSON.stringify(answer))
answer = await ask({ ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' })
told('old versions of TLS are refused', answer.status === 0, JSON.stringify(answer))
await stop()
await start()
told('after a start it is the same authority', (await ask({ ca })).status === 200)
await stop()
chmodSync(`${dir}/web-ca.key`, 0o644)
said = await start()
told('a key that others may read is refused', /chmod 600/.test(said) && !/^ready/m.test(said), said)
chmodSync(`${dir}/web-ca.key`, 0o600)
renameSync(`${dir}/web-ca.key`, `${dir}/kept`)
said = await start()
told('half an authority is refused', /web-ca.key is missing/.test(said) && !/^ready/m.test(said), said)
renameSync(`${dir}/kept`, `${dir}/web-ca.key`)
end()
