// Somebody on the network who writes down what is said there, for ever: "HOST HEX" a line.
// usage: node beacons.mjs FILE
import dgram from 'node:dgram'
import fs from 'node:fs'
import os from 'node:os'

const PORT = 7450
const GROUP = 'ff12::6671'
const file = process.argv[2]
fs.writeFileSync(file, '')
for (const type of ['udp4', 'udp6']) {
  const socket = dgram.createSocket({ type, reuseAddr: true, ipv6Only: type === 'udp6' })
  socket.on('message', (bytes, from) => {
    fs.appendFileSync(file, `${from.address} ${bytes.toString('hex')}\n`)
  })
  socket.bind(PORT, () => {
    if (type === 'udp4') return
    for (const name of Object.keys(os.networkInterfaces())) {
      try { socket.addMembership(GROUP, `::%${name}`) } catch { /* it has no IPv6 */ }
    }
  })
}
