// Live handshakes with the npm package noise-handshake: two patterns, both roles, then
// 1,000 messages each way. The package's one suite is 25519, ChaChaPoly, BLAKE2b.
// usage: node noise_js.mjs MODULES PROGRAM
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const [modules, program] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(resolve(modules), name)).href);
const { Conform } = await load('conform.mjs');
const { Dice } = await load('mutate.mjs');
const require = createRequire(join(resolve(modules), 'package.json'));
const Noise = require('noise-handshake');
const Cipher = require('noise-handshake/cipher');
const curve = require('noise-handshake/dh');

const MESSAGES = 1000;
const PAYLOAD_MAX = 2000;
const HANDSHAKE_LENGTHS = { XK: [48, 48, 64], XXpsk0: [48, 96, 64] };
const dice = new Dice(7);

const bytes = (len) => Buffer.from(Array.from({ length: len }, () => dice.below(256)));
const hex = (buffer) => (buffer.length === 0 ? '-' : Buffer.from(buffer).toString('hex'));
const unhex = (text) => Buffer.from(text === '-' ? '' : text, 'hex');

function same(what, got, expected) {
  if (got !== expected) throw new Error(`${what}: expected ${expected}, got ${got}`);
}

// Our side through fengqiao-conform, with the same calls as theirs.
class Ours {
  constructor(conform) {
    this.conform = conform;
  }

  async ask(request) {
    const answer = await this.conform.ask(request);
    if (/^(bad$|error )/.test(answer)) {
      throw new Error(`${request.slice(0, 40)}: ${answer}`);
    }
    return answer;
  }

  async write(payload) {
    return unhex(await this.ask(`noise-write ${hex(payload)}`));
  }

  async read(message) {
    return unhex(await this.ask(`noise-read ${hex(message)}`));
  }

  hash() {
    return this.ask('noise-hash');
  }
}

class Theirs {
  constructor(noise) {
    this.noise = noise;
  }

  write(payload) {
    if (!this.noise.complete) return this.noise.send(payload);
    this.send ??= new Cipher(this.noise.tx);
    return this.send.encrypt(payload);
  }

  read(message) {
    if (!this.noise.complete) return this.noise.recv(message);
    this.receive ??= new Cipher(this.noise.rx);
    return this.receive.decrypt(message);
  }

  hash() {
    return hex(this.noise.hash);
  }
}

async function start(conform, pattern, areWeInitiator) {
  const prologue = bytes(36);
  const psk = bytes(32);
  const ourKeys = curve.generateKeyPair(bytes(32));
  const theirKeys = curve.generateKeyPair(bytes(32));
  const isXk = pattern === 'XK';
  const words = ['noise-start', `Noise_${pattern}_25519_ChaChaPoly_BLAKE2b`,
    areWeInitiator ? 'init' : 'resp', `prologue=${hex(prologue)}`,
    `static=${hex(ourKeys.secretKey)}`, `ephemeral=${hex(bytes(32))}`];
  if (isXk && areWeInitiator) words.push(`remote_static=${hex(theirKeys.publicKey)}`);
  if (!isXk) words.push(`psk=${hex(psk)}`);
  same('start', await conform.ask(words.join(' ')), 'ok');

  const noise = new Noise(pattern, !areWeInitiator, theirKeys, isXk ? {} : { psk });
  noise.e = curve.generateKeyPair(bytes(32));
  same('its name', noise.protocol.toString(), words[1]);
  noise.initialise(prologue, isXk && !areWeInitiator ? ourKeys.publicKey : undefined);
  return { ours: new Ours(conform), theirs: new Theirs(noise), ourKeys };
}

async function pass(what, from, to, payload) {
  const message = await from.write(payload);
  same(what, hex(await to.read(message)), hex(payload));
  return message;
}

async function talk(conform, pattern, areWeInitiator) {
  const { ours, theirs, ourKeys } = await start(conform, pattern, areWeInitiator);
  const sides = areWeInitiator ? [ours, theirs] : [theirs, ours];
  for (let i = 0; i < 3; i++) {
    const [from, to] = i % 2 === 0 ? sides : [sides[1], sides[0]];
    const message = await pass(`handshake ${i}`, from, to, Buffer.alloc(0));
    same(`length ${i}`, message.length, HANDSHAKE_LENGTHS[pattern][i]);
  }
  same('handshake hash', await ours.hash(), theirs.hash());
  same('our static key', hex(theirs.noise.rs), hex(ourKeys.publicKey));
  for (let i = 0; i < MESSAGES; i++) {
    const payload = bytes(dice.below(PAYLOAD_MAX));
    await pass(`message ${i} to them`, ours, theirs, payload);
    await pass(`message ${i} to us`, theirs, ours, payload);
  }
  const role = areWeInitiator ? 'initiator' : 'responder';
  console.log(`${pattern}, we as ${role}: ${MESSAGES} messages each way`);
}

const conform = new Conform(program);
try {
  for (const pattern of ['XK', 'XXpsk0']) {
    for (const areWeInitiator of [true, false]) {
      await talk(conform, pattern, areWeInitiator);
    }
  }
} finally {
  conform.close();
}
