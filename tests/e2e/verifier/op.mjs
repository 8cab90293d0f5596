// One op of PROTOCOL.md §3, from its bytes to its verdict.
import { decode } from '@msgpack/msgpack';
import { blake2b } from '@noble/hashes/blake2b';
import { sha512 } from '@noble/hashes/sha2';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { Refused, compareBytes, gate } from './gate.mjs';
import { verify } from './signature.mjs';

const ZERO = Uint8Array.of(0);
const OP_MAX = 128 * 1024;
const VALUE_MAX = 64 * 1024;
const VALUES_MAX = 96 * 1024;
const FIELDS_MAX = 32;
const CHARTER_KIND = 'found';

// H(domain, parts…) and MAC(key, n, domain, data) of PROTOCOL.md.
function hash(domain, ...parts) {
  return blake2b(concatBytes(utf8ToBytes(domain), ZERO, ...parts), { dkLen: 32 });
}

function mac(key, len, domain, data) {
  return blake2b(concatBytes(utf8ToBytes(domain), ZERO, data), { key, dkLen: len });
}

export function networkId(name) {
  return hash('fengqiao/1/network', utf8ToBytes(name));
}

function must(condition, reason) {
  if (!condition) throw new Refused(reason);
}

/* ---- elements ---- */

function uint(element, below) {
  must(element.type === 'int' && element.value >= 0n && element.value < below, 'uint');
  return element.value;
}

function bin(element, len) {
  must(element.type === 'bin' && element.raw.length === len, `bin ${len}`);
  return element.raw;
}

function name(element, pattern) {
  must(element.type === 'str' && pattern.test(element.text), 'name');
  return element.text;
}

function ids(element, max) {
  must(element.type === 'array' && element.items.length <= max, 'array of ids');
  const list = element.items.map((item) => bin(item, 32));
  for (let i = 1; i < list.length; i++) {
    must(compareBytes(list[i - 1], list[i]) < 0, 'ids doubled or not sorted');
  }
  return list;
}

/* ---- contents ---- */

function commit(salt, key, value) {
  must(value.encoded.length <= VALUE_MAX, 'a value over 64 KiB');
  return hash('fengqiao/1/field', salt, Uint8Array.of(key.raw.length), key.raw,
    value.encoded);
}

function fieldMap(element) {
  must(element.type === 'map' && element.entries.length <= FIELDS_MAX, 'fields');
  for (const { key } of element.entries) name(key, /^[a-z0-9.-]{1,24}$/);
  return element.entries;
}

// The bare value of what passed the gate, its leaves through an ordinary library. Maps are
// Maps: the library's objects do not take every key that is text ("__proto__").
function bare(element) {
  if (element.type === 'array') return element.items.map(bare);
  if (element.type === 'map') {
    return new Map(element.entries.map(({ key, value }) => [key.text, bare(value)]));
  }
  const value = decode(element.encoded, { useBigInt64: true });
  if (element.type === 'int' && BigInt(value) !== element.value) {
    throw new Error('the gate and the library read two numbers');
  }
  return value;
}

// [{key, commitment, salt, value}], salt and value undefined where withheld.
function readContents(element) {
  if (element.type === 'array') {
    must(element.items.length === 2, 'contents');
    const secret = bin(element.items[0], 32);
    must(fieldMap(element.items[1]).length > 0, 'a secret without fields');
    return fieldMap(element.items[1]).map(({ key, value }) => {
      const salt = mac(secret, 16, 'fengqiao/1/salt', key.raw);
      return { key, salt, value, commitment: commit(salt, key, value) };
    });
  }
  return fieldMap(element).map(({ key, value: part }) => {
    if (part.type === 'bin') return { key, commitment: bin(part, 32) };
    must(part.type === 'array' && part.items.length === 2, 'a shown field');
    const salt = bin(part.items[0], 16);
    const value = part.items[1];
    return { key, salt, value, commitment: commit(salt, key, value) };
  });
}

/* ---- the op ---- */

// What one op shows without its parents; whether its time fits them shows later.
function checkPlace(op) {
  must(op.time > 0n, 'time');
  if (op.scope.length === 0) {
    must(op.parents.length === 0, 'a founding op with parents');
    must(op.time === 1n, 'a founding op of another time');
    must((op.authority.length === 0) === (op.kind === CHARTER_KIND), 'authority');
    return;
  }
  must(op.parents.length > 0, 'no parents');
  must(op.authority.length > 0, 'no authority');
}

function encodeHeader(elements, fields) {
  const count = fields.length < 16
    ? Uint8Array.of(0x80 | fields.length) : Uint8Array.of(0xde, 0, fields.length);
  const parts = fields.flatMap(({ key, commitment }) =>
    [key.encoded, Uint8Array.of(0xc4, 32), commitment]);
  return concatBytes(Uint8Array.of(0x9a), ...elements.map((e) => e.encoded), count,
    ...parts);
}

function string(bytes) {
  const len = new Uint8Array(4);
  new DataView(len.buffer).setUint32(0, bytes.length);
  return concatBytes(len, bytes);
}

export function preimage(network, header) {
  return concatBytes(utf8ToBytes('SSHSIG'), string(utf8ToBytes('op@fengqiao')),
    string(utf8ToBytes('')), string(utf8ToBytes('sha512')),
    string(sha512(concatBytes(network, header))));
}

// The op in full but for its signature, its id and header with it. Throws Refused.
export function readUnsigned(bytes) {
  must(bytes.length <= OP_MAX, 'an op over 128 KiB');
  const whole = gate(bytes);
  must(whole.type === 'array' && whole.items.length === 11, 'an array of 11');
  const e = whole.items;
  const version = uint(e[0], 2n ** 64n);
  must(version >> 4n === 1n, 'another major version');
  must(e[1].type === 'bin' && (e[1].raw.length === 0 || e[1].raw.length === 32), 'scope');
  const op = {
    version,
    scope: e[1].raw,
    kind: name(e[2], /^[a-z0-9-]{1,24}$/),
    author: bin(e[3], 32),
    authority: ids(e[4], 8),
    parents: ids(e[5], 32),
    time: uint(e[6], 2n ** 63n),
    wall: uint(e[7], 2n ** 63n),
    quality: uint(e[8], 4n),
    fields: readContents(e[9]),
    signature: bin(e[10], 64),
  };
  checkPlace(op);
  const shown = op.fields.filter(({ value }) => value !== undefined);
  must(shown.reduce((sum, { value }) => sum + value.encoded.length, 0) <= VALUES_MAX, 'values');
  for (const field of op.fields) {
    if (field.value !== undefined) field.bare = bare(field.value);
  }
  op.header = encodeHeader(e.slice(0, 9), op.fields);
  op.id = hash('fengqiao/1/op', op.header, op.signature);
  return op;
}

export function isSigned(op, network) {
  return verify(op.signature, op.author, preimage(network, op.header));
}

// The op in full. Throws Refused.
export function readOp(bytes, network) {
  const op = readUnsigned(bytes);
  must(isSigned(op, network), 'signature');
  return op;
}

// {id} or {reason}.
export function judge(bytes, network) {
  try {
    return { id: readOp(bytes, network).id };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { reason: error.message };
  }
}

export { Refused };
