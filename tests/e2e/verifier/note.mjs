// Notes, checkpoints, signatures below them and trees, as C2SP and RFC 9162 have them and
// PROTOCOL.md §2, §4 and §13 narrow them.
import { blake2b } from '@noble/hashes/blake2b';
import { sha256 } from '@noble/hashes/sha2';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { verify } from './signature.mjs';
import { toHex } from './vectors.mjs';

const NOTE_MAX = 16 * 1024;
const SIGNATURES_MAX = 24;
const NAME_MAX = 256;
const SIZE_MAX = 2n ** 63n - 1n;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// White_Space of Unicode beyond what controls are, '+', and controls.
// eslint-disable-next-line no-control-regex
const NOT_IN_NAMES = /[\u0000-\u001f +\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
// eslint-disable-next-line no-control-regex
const NOT_IN_NOTES = /[\u0000-\u0009\u000b-\u001f]/;

export const ED25519 = 1;
export const COSIGNATURE = 4;

/* ---- texts of keys ---- */

function fromBase32(text) {
  let bits = 0n;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    bits = bits * 32n + BigInt(value);
  }
  const hex = bits.toString(16).padStart(text.length * 5 / 4, '0');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

// The key of "fqk1…", or null.
export function keyOfText(text) {
  if (text.length !== 60 || !text.startsWith('fqk1')) return null;
  const bytes = fromBase32(text.slice(4));
  if (bytes === null) return null;
  const key = bytes.subarray(0, 32);
  const sum = blake2b(concatBytes(utf8ToBytes('fengqiao/1/text'), Uint8Array.of(0),
    utf8ToBytes('fqk1'), key), { dkLen: 32 });
  return toHex(sum.subarray(0, 3)) === toHex(bytes.subarray(32)) ? key : null;
}

// The key of the machine whose log has that name, or null.
export function keyOfOrigin(origin) {
  const found = /^fengqiao\/(fqk1[a-z2-7]{56})\/[0-9a-f]{16}$/.exec(origin);
  return found && keyOfText(found[1]);
}

// The key of a witness by its name, or null.
export function keyOfWitness(name) {
  const found = /^fengqiao\/(fqk1[a-z2-7]{56})$/.exec(name);
  return found && keyOfText(found[1]);
}

/* ---- notes ---- */

function fromBase64(text) {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null;
}

function readSignature(line) {
  if (!line.startsWith('— ')) return null;
  const [name] = line.slice(2).split(' ', 1);
  const bytes = fromBase64(line.slice(2 + name.length + 1));
  const len = utf8ToBytes(name).length;
  if (len === 0 || len > NAME_MAX || NOT_IN_NAMES.test(name) || bytes === null ||
      bytes.length <= 4) return null;
  return { name, id: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
}

// {text, signatures}, or null.
export function readNote(bytes) {
  let all;
  try {
    all = utf8.decode(bytes);
  } catch {
    return null;
  }
  const at = all.lastIndexOf('\n\n');
  if (bytes.length > NOTE_MAX || NOT_IN_NOTES.test(all) || !all.endsWith('\n') || at < 0) return null;
  const lines = all.slice(at + 2).split('\n').slice(0, -1);
  if (lines.length === 0 || lines.length > SIGNATURES_MAX) return null;
  const signatures = lines.map(readSignature);
  return signatures.includes(null) ? null : { text: all.slice(0, at + 1), signatures };
}

// {origin, size, root, extension: lines} of a note's text, or null.
export function readCheckpoint(text) {
  const [origin, size, root, ...extension] = text.split('\n').slice(0, -1);
  const hash = root === undefined ? null : fromBase64(root);
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size) || BigInt(size) > SIZE_MAX ||
      hash?.length !== 32 || extension.includes('')) return null;
  return { origin, size: BigInt(size), root: hash, extension };
}

/* ---- signatures ---- */

// Notes come again in many files, and a signature takes some milliseconds here.
const verified = new Map();

function isSignedBy(key, signature, message) {
  const all = toHex(concatBytes(key, signature, message));
  if (!verified.has(all)) verified.set(all, verify(signature, key, message));
  return verified.get(all);
}

function holds(type, key, { bytes }, text) {
  if (type === ED25519) {
    return bytes.length === 64 && !text.startsWith('cosignature/v1\n') &&
      isSignedBy(key, bytes, utf8ToBytes(text));
  }
  if (bytes.length !== 72) return false;
  const time = BigInt(`0x${toHex(bytes.subarray(0, 8))}`);
  return time <= SIZE_MAX &&
    isSignedBy(key, bytes.subarray(8), utf8ToBytes(`cosignature/v1\ntime ${time}\n${text}`));
}

export function keyId(name, type, key) {
  return toHex(sha256(concatBytes(utf8ToBytes(`${name}\n`), Uint8Array.of(type), key)).subarray(0, 4));
}

// Does every signature of that key hold, and is there one?
export function isNoteSigned(note, name, type, key) {
  const id = keyId(name, type, key);
  const own = note.signatures.filter((signature) => signature.name === name && signature.id === id);
  return own.length > 0 && own.every((signature) => holds(type, key, signature, note.text));
}

/* ---- trees ---- */

export const EMPTY = sha256(new Uint8Array(0));
export const leafOf = (bytes) => sha256(concatBytes(Uint8Array.of(0), bytes));
const nodeOf = (left, right) => sha256(concatBytes(Uint8Array.of(1), left, right));
export const isSame = (a, b) => toHex(a) === toHex(b);

// The root of these leaves, whole trees of two first.
export class Tree {
  constructor() {
    this.size = 0n;
    this.whole = []; // [hash, level], from the largest down
  }

  add(leaf) {
    let [hash, level] = [leaf, 0];
    while (this.whole.length > 0 && this.whole.at(-1)[1] === level) {
      hash = nodeOf(this.whole.pop()[0], hash);
      level++;
    }
    this.whole.push([hash, level]);
    this.size++;
  }

  get root() {
    if (this.whole.length === 0) return EMPTY;
    return this.whole.map(([hash]) => hash).reduceRight((right, left) => nodeOf(left, right));
  }
}

// RFC 9162 §2.1.3.2.
export function isIncluded(leaf, index, size, proof, root) {
  if (index >= size) return false;
  let [fn, sn, hash] = [index, size - 1n, leaf];
  for (const part of proof) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      hash = nodeOf(part, hash);
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash = nodeOf(hash, part);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && isSame(hash, root);
}

// RFC 9162 §2.1.4.2; the empty tree and the same one need no proof.
export function isConsistent(from, fromRoot, to, toRoot, proof) {
  if (from > to) return false;
  if (from === 0n) return proof.length === 0 && isSame(fromRoot, EMPTY);
  if (from === to) return proof.length === 0 && isSame(fromRoot, toRoot);
  const path = (from & (from - 1n)) === 0n ? [fromRoot, ...proof] : [...proof];
  if (proof.length === 0) return false;
  let [fn, sn] = [from - 1n, to - 1n];
  while ((fn & 1n) === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [fr, sr] = [path[0], path[0]];
  for (const part of path.slice(1)) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      fr = nodeOf(part, fr);
      sr = nodeOf(part, sr);
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      sr = nodeOf(sr, part);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && isSame(fr, fromRoot) && isSame(sr, toRoot);
}
