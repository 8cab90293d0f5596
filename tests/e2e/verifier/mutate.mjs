// Mutations of op bytes: bit flips, cuts, swaps, doubled elements, S + L.
import { concatBytes } from '@noble/hashes/utils';
import { Refused, gate } from './gate.mjs';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const FLIPPED_WHOLE = 2; // so many of the shortest ops have every bit flipped

// A small generator with a seed (mulberry32), so that a failure can be run again.
export class Dice {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  below(limit) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

function flip(bytes, bit) {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >> 3] ^= 1 << (bit & 7);
  return flipped;
}

// Where each array or map has its direct elements: [[start, end], …] per container.
function containers(bytes) {
  const found = [];
  const span = (element) => {
    const start = element.encoded.byteOffset - bytes.byteOffset;
    return [start, start + element.encoded.length];
  };
  const walk = (element) => {
    const entries = element.entries?.map(({ key, value }) => [span(key)[0], span(value)[1]]);
    const items = element.items?.map(span) ?? entries;
    if (items?.length > 0) found.push({ start: span(element)[0], items });
    element.items?.forEach(walk);
    element.entries?.forEach(({ value }) => walk(value));
  };
  try {
    walk(gate(bytes));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  return found;
}

export const kinds = {
  flip: (bytes, dice) => flip(bytes, dice.below(bytes.length * 8)),

  byte: (bytes, dice) => {
    const changed = Uint8Array.from(bytes);
    changed[dice.below(bytes.length)] = dice.below(256);
    return changed;
  },

  cut: (bytes, dice) => bytes.slice(0, dice.below(bytes.length)),

  remove: (bytes, dice) => {
    const at = dice.below(bytes.length);
    const len = 1 + dice.below(4);
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at + len));
  },

  // Two neighbours in one array or map change places.
  swap: (bytes, dice) => {
    const all = containers(bytes).filter(({ items }) => items.length > 1);
    if (all.length === 0) return null;
    const { items } = all[dice.below(all.length)];
    const i = dice.below(items.length - 1);
    const [a, b] = [items[i], items[i + 1]];
    return concatBytes(bytes.subarray(0, a[0]), bytes.subarray(...b),
      bytes.subarray(...a), bytes.subarray(b[1]));
  },

  // One element stands twice; its container counts it where a short count can.
  double: (bytes, dice) => {
    const all = containers(bytes);
    if (all.length === 0) return null;
    const { start, items } = all[dice.below(all.length)];
    const item = items[dice.below(items.length)];
    const doubled = concatBytes(bytes.subarray(0, item[1]), bytes.subarray(...item),
      bytes.subarray(item[1]));
    const isShort = doubled[start] >= 0x80 && doubled[start] <= 0x9f;
    if (isShort && (doubled[start] & 15) < 15) doubled[start]++;
    return doubled;
  },

  // One element is gone, and the count with it.
  drop: (bytes, dice) => {
    const all = containers(bytes);
    if (all.length === 0) return null;
    const { start, items } = all[dice.below(all.length)];
    const item = items[dice.below(items.length)];
    const dropped = concatBytes(bytes.subarray(0, item[0]), bytes.subarray(item[1]));
    if (dropped[start] >= 0x80 && dropped[start] <= 0x9f) dropped[start]--;
    return dropped;
  },

  // S + n × L, for the few n that 32 bytes hold.
  sPlusL: (bytes, dice) => {
    if (bytes.length < 32) return null;
    const changed = Uint8Array.from(bytes);
    let sum = L * BigInt(1 + dice.below(14));
    for (let i = bytes.length - 32; i < bytes.length; i++) {
      sum += BigInt(bytes[i]);
      changed[i] = Number(sum & 0xffn);
      sum >>= 8n;
    }
    return changed;
  },
};

// [{what, bytes}]: every bit of the shortest accepted ops, then count others by the dice.
export function mutate(originals, count, dice) {
  const mutations = [];
  const accepted = originals.filter(({ verdict }) => verdict === 'ok')
    .sort((a, b) => a.bytes.length - b.bytes.length);
  for (const { name, bytes } of accepted.slice(0, FLIPPED_WHOLE)) {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      mutations.push({ what: `${name}, bit ${bit}`, bytes: flip(bytes, bit) });
    }
  }
  const names = Object.keys(kinds);
  for (let i = 0; i < count; i++) {
    // Accepted ops three times of four: their mutations reach further in.
    const from = dice.below(4) > 0 ? accepted : originals;
    const { name, bytes } = from[dice.below(from.length)];
    const kind = names[i % names.length];
    const mutated = kinds[kind](bytes, dice);
    if (mutated !== null) mutations.push({ what: `${name}, ${kind} ${i}`, bytes: mutated });
  }
  return mutations;
}
