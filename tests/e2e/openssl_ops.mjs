// Signatures of ops before the command line of OpenSSL: each record of the evidence files
// holds there, under a public key made of the author's 32 bytes, over a preimage that is put
// together here; with a bit flipped in key, signature or preimage none does. Exit code 1 at
// any that does not come out so, where a kind is not there, or where there are too few.
// usage: node openssl_ops.mjs MODULES DIR LEAST KINDS EVIDENCE…
// MODULES: the folder with the verifier, which takes files and ops apart. KINDS: those that
// have to be there, with commas between.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, dir, least, kinds, ...files] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(resolve(modules), name)).href);
const { gateAt } = await load('gate.mjs');
const { networkId, readUnsigned } = await load('op.mjs');
const { toHex } = await load('vectors.mjs');

// RFC 8410: a SubjectPublicKeyInfo of an Ed25519 key, up to the key itself.
const KEY_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const paths = { key: join(dir, 'key.der'), text: join(dir, 'text'), signature: join(dir, 'signature') };

/* ---- what was signed ---- */

function string(bytes) {
  const len = Buffer.alloc(4);
  len.writeUInt32BE(bytes.length);
  return Buffer.concat([len, bytes]);
}

// PROTOCOL.md §3.
function preimage(network, header) {
  const digest = createHash('sha512').update(network).update(header).digest();
  return Buffer.concat([Buffer.from('SSHSIG'), string(Buffer.from('op@fengqiao')),
    string(Buffer.alloc(0)), string(Buffer.from('sha512')), string(digest)]);
}

// [{id, kind, key, signature, text}] of a file: the arrays of an id and bytes in it.
function readRecords(path) {
  const bytes = readFileSync(path);
  const records = [];
  let network = null;
  for (let at = 0; at < bytes.length;) {
    const { value, end } = gateAt(bytes, at);
    const [id, op] = value.items;
    network ??= networkId(value.items[2].text);
    if (value.items.length === 2 && id.type === 'bin' && op.type === 'bin') {
      const { kind, author, signature, header } = readUnsigned(op.raw);
      records.push({ id: toHex(id.raw), kind, key: Buffer.from(author),
        signature: Buffer.from(signature), text: preimage(network, header) });
    }
    at = end;
  }
  return records;
}

/* ---- what OpenSSL says ---- */

// 'holds', 'fails', or why it says neither.
function ask({ key, signature, text }) {
  writeFileSync(paths.key, Buffer.concat([KEY_HEAD, key]));
  writeFileSync(paths.text, text);
  writeFileSync(paths.signature, signature);
  const { status, stdout, stderr } = spawnSync('openssl', ['pkeyutl', '-verify', '-pubin',
    '-keyform', 'DER', '-inkey', paths.key, '-rawin', '-in', paths.text,
    '-sigfile', paths.signature], { encoding: 'utf8', timeout: 10000 });
  if (status === 0 && stdout.includes('Signature Verified Successfully')) return 'holds';
  if (status === 1 && stdout.includes('Signature Verification Failure')) return 'fails';
  return `${status}: ${stdout}${stderr}`;
}

function flipped(bytes, bit) {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}

let wrong = 0;
function expect(what, said, expected) {
  if (said === expected) return;
  wrong++;
  console.log(`${what}: ${said}, and not ${expected}`);
}

// One bit each: of R, of S, of what was signed, of the key.
function flip(record, turn) {
  const { id, kind, key, signature, text } = record;
  const changed = {
    R: { ...record, signature: flipped(signature, turn % 256) },
    S: { ...record, signature: flipped(signature, 256 + turn % 250) },
    text: { ...record, text: flipped(text, text.length * 8 - 1 - turn % 512) },
    key: { ...record, key: flipped(key, turn % 256) },
  };
  for (const [part, copy] of Object.entries(changed)) {
    expect(`${kind} ${id}, a bit of its ${part}`, ask(copy), 'fails');
  }
  return Object.keys(changed).length;
}

const records = new Map();
for (const path of files) for (const record of readRecords(path)) records.set(record.id, record);
const counts = {};
let flips = 0;
for (const record of records.values()) {
  expect(`${record.kind} ${record.id}`, ask(record), 'holds');
  counts[record.kind] = (counts[record.kind] ?? 0) + 1;
  if (counts[record.kind] <= 3) flips += flip(record, 7 * records.size + 41 * flips);
}
for (const kind of kinds.split(',')) expect(kind, counts[kind] > 0 ? 'there' : 'missing', 'there');
if (records.size < Number(least)) expect('records', records.size, `${least} at least`);
console.log(`${records.size} signatures, ${flips} with a bit flipped, ${wrong} wrong`,
  JSON.stringify(counts));
process.exitCode = wrong === 0 ? 0 : 1;
