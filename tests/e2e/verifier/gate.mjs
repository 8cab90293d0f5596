// The strict gate of PROTOCOL.md §1: walks one value and throws Refused at the first byte
// that is not canonical. What passes may be handed to any MessagePack library.

export class Refused extends Error {}

const DEPTH_MAX = 8;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// Negative where a sorts before b, in byte order.
export function compareBytes(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}

class Cursor {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(len) {
    if (len > this.bytes.length - this.at) throw new Refused('cut short');
    this.at += len;
    return this.bytes.subarray(this.at - len, this.at);
  }

  uint(len) {
    let value = 0n;
    for (const byte of this.take(len)) value = (value << 8n) | BigInt(byte);
    return value;
  }

  // A length or count of that many bytes, which must be at least least.
  length(len, least) {
    const value = Number(this.uint(len));
    if (value < least) throw new Refused('a longer form than needed');
    return value;
  }
}

function positive(cursor, len, least) {
  const value = cursor.uint(len);
  if (value < least) throw new Refused('a longer form than needed');
  return { type: 'int', value };
}

function negative(cursor, len, most) {
  const value = BigInt.asIntN(8 * len, cursor.uint(len));
  // What is not negative has its shortest form among the unsigned ones.
  if (value > most) throw new Refused('a longer form than needed');
  return { type: 'int', value };
}

function text(cursor, len) {
  const raw = cursor.take(len);
  if (raw.includes(0)) throw new Refused('NUL in text');
  try {
    return { type: 'str', raw, text: utf8.decode(raw) };
  } catch {
    throw new Refused('not UTF-8');
  }
}

function binary(cursor, len) {
  return { type: 'bin', raw: cursor.take(len) };
}

function array(cursor, count, level) {
  if (count > cursor.bytes.length - cursor.at) throw new Refused('count too high');
  const items = [];
  for (let i = 0; i < count; i++) items.push(value(cursor, level + 1));
  return { type: 'array', items };
}

function map(cursor, count, level) {
  if (2 * count > cursor.bytes.length - cursor.at) throw new Refused('count too high');
  const entries = [];
  for (let i = 0; i < count; i++) {
    const key = value(cursor, level + 1);
    if (key.type !== 'str') throw new Refused('a key that is not text');
    if (i > 0 && compareBytes(entries[i - 1].key.raw, key.raw) >= 0) {
      throw new Refused('keys doubled or not sorted');
    }
    entries.push({ key, value: value(cursor, level + 1) });
  }
  return { type: 'map', entries };
}

function body(cursor, level) {
  const [first] = cursor.take(1);
  if (first <= 0x7f) return { type: 'int', value: BigInt(first) };
  if (first >= 0xe0) return { type: 'int', value: BigInt(first - 256) };
  if (first <= 0x8f) return map(cursor, first & 15, level);
  if (first <= 0x9f) return array(cursor, first & 15, level);
  if (first <= 0xbf) return text(cursor, first & 31);
  switch (first) {
    case 0xc0: return { type: 'nil' };
    case 0xc2: return { type: 'bool', value: false };
    case 0xc3: return { type: 'bool', value: true };
    case 0xc4: return binary(cursor, cursor.length(1, 0));
    case 0xc5: return binary(cursor, cursor.length(2, 2 ** 8));
    case 0xc6: return binary(cursor, cursor.length(4, 2 ** 16));
    case 0xcc: return positive(cursor, 1, 0x80n);
    case 0xcd: return positive(cursor, 2, 2n ** 8n);
    case 0xce: return positive(cursor, 4, 2n ** 16n);
    case 0xcf: return positive(cursor, 8, 2n ** 32n);
    case 0xd0: return negative(cursor, 1, -33n);
    case 0xd1: return negative(cursor, 2, -(2n ** 7n) - 1n);
    case 0xd2: return negative(cursor, 4, -(2n ** 15n) - 1n);
    case 0xd3: return negative(cursor, 8, -(2n ** 31n) - 1n);
    case 0xd9: return text(cursor, cursor.length(1, 32));
    case 0xda: return text(cursor, cursor.length(2, 2 ** 8));
    case 0xdb: return text(cursor, cursor.length(4, 2 ** 16));
    case 0xdc: return array(cursor, cursor.length(2, 16), level);
    case 0xdd: return array(cursor, cursor.length(4, 2 ** 16), level);
    case 0xde: return map(cursor, cursor.length(2, 16), level);
    case 0xdf: return map(cursor, cursor.length(4, 2 ** 16), level);
    default: throw new Refused('float, ext or 0xc1');
  }
}

// level: how many arrays and maps are around this value, whatever it is.
function value(cursor, level) {
  if (level > DEPTH_MAX) throw new Refused('nested too deep');
  const start = cursor.at;
  const found = body(cursor, level);
  found.encoded = cursor.bytes.subarray(start, cursor.at);
  return found;
}

// The value that begins there, and where it ends: {value, end}.
export function gateAt(bytes, at) {
  const cursor = new Cursor(bytes);
  cursor.at = at;
  return { value: value(cursor, 0), end: cursor.at };
}

// The one value that bytes are: {type, encoded, …} with items or entries below it.
export function gate(bytes) {
  const found = gateAt(bytes, 0);
  if (found.end !== bytes.length) throw new Refused('bytes behind the value');
  return found.value;
}
