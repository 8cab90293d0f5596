// Looks for many secrets at once, each in every guise in which it could leak: as it is, in
// hex, in base64 at each of the three places a byte can stand, and digested.
import { createHash } from 'node:crypto';

const WINDOW = 8; // no guise is shorter; the first bytes of one find it
const FILTER_BITS = 20;

// Where the four bytes of a window stand in the filter.
function slot(word) {
  return Math.imul(word, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

// What base64 always makes of these bytes, wherever in a longer text they stand.
function base64Forms(bytes) {
  const forms = [];
  for (let shift = 0; shift < 3; shift++) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const sure = text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    forms.push(sure, sure.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

// A text as MessagePack has it, up to 31 bytes.
function packText(bytes) {
  return Buffer.concat([Buffer.from([0xa0 | bytes.length]), bytes]);
}

export class Seeker {
  // blake2b: as @noble/hashes has it.
  constructor(blake2b) {
    this.blake2b = blake2b;
    this.byStart = new Map();
    this.filter = new Uint8Array(1 << FILTER_BITS);
    this.searched = new WeakMap();
  }

  // label is what find gives back.
  #guise(label, form, bytes) {
    if (bytes.length < WINDOW) throw new Error(`${label} as ${form} is too short to look for`);
    const start = bytes.toString('latin1', 0, WINDOW);
    if (!this.byStart.has(start)) this.byStart.set(start, []);
    this.byStart.get(start).push({ label, form, bytes });
    this.filter[slot(bytes.readUInt32LE(0))] = 1;
  }

  #written(label, form, bytes) {
    const hex = bytes.toString('hex');
    this.#guise(label, form, bytes);
    this.#guise(label, `${form} in hex`, Buffer.from(hex));
    this.#guise(label, `${form} in HEX`, Buffer.from(hex.toUpperCase()));
    for (const text of new Set(base64Forms(bytes))) {
      this.#guise(label, `${form} in base64`, Buffer.from(text));
    }
  }

  #digested(label, form, bytes) {
    const digests = {
      'BLAKE2b-256': Buffer.from(this.blake2b(bytes, { dkLen: 32 })),
      'BLAKE2b-512': createHash('blake2b512').update(bytes).digest(),
      'SHA-256': createHash('sha256').update(bytes).digest(),
      'SHA-512': createHash('sha512').update(bytes).digest(),
    };
    for (const [name, digest] of Object.entries(digests)) {
      // The beginning is enough, and it finds what was cut off, too.
      this.#guise(label, `${name} of ${form}`, digest.subarray(0, WINDOW));
      this.#guise(label, `${name} of ${form} in hex`, Buffer.from(digest.toString('hex', 0, WINDOW)));
    }
  }

  addText(label, text) {
    const bytes = Buffer.from(text);
    this.#written(label, 'text', bytes);
    this.#digested(label, 'text', bytes);
    this.#digested(label, 'MessagePack', packText(bytes));
    // The 64 random bits of a canary may have been read as the number they are.
    const tag = /^CANARY([0-9a-f]{16})$/.exec(text);
    if (tag) this.#written(label, 'number', Buffer.from(tag[1], 'hex'));
  }

  addId(label, hex) {
    const bytes = Buffer.from(hex, 'hex');
    // Negentropy's bounds carry beginnings of ids.
    this.#written(label, 'beginning of an id', bytes.subarray(0, WINDOW));
    this.#digested(label, 'id', bytes);
  }

  // Labels that occur, each with the form in which it does. The same Buffer is searched
  // once.
  find(bytes) {
    if (!this.searched.has(bytes)) this.searched.set(bytes, this.#search(bytes));
    return this.searched.get(bytes);
  }

  #search(bytes) {
    const found = new Map();
    for (let at = 0; at + WINDOW <= bytes.length; at++) {
      const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      if (!this.filter[slot(word)]) continue;
      for (const guise of this.byStart.get(bytes.toString('latin1', at, at + WINDOW)) ?? []) {
        const here = bytes.subarray(at, at + guise.bytes.length);
        if (guise.bytes.equals(here)) found.set(guise.label, guise.form);
      }
    }
    return found;
  }
}
