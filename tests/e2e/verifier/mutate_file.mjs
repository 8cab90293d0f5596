// Mutations of an evidence file: bytes, values, their order, and what is left out.
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { cutEvidence } from './evidence.mjs';
import { gate } from './gate.mjs';
import { readUnsigned } from './op.mjs';
import { kinds as opKinds } from './mutate.mjs';
import { fromHex } from './vectors.mjs';

/* ---- values, written ---- */

const str = (text) => concatBytes(Uint8Array.of(0xa0 + text.length), utf8ToBytes(text));

function text(long) {
  const bytes = utf8ToBytes(long);
  return concatBytes(bytes.length < 32 ? Uint8Array.of(0xa0 + bytes.length)
    : Uint8Array.of(0xd9, bytes.length), bytes);
}

function uint(number) {
  if (number < 0x80n) return Uint8Array.of(Number(number));
  if (number < 0x100n) return Uint8Array.of(0xcc, Number(number));
  return Uint8Array.of(0xcd, Number(number >> 8n), Number(number & 0xffn));
}

function bin(bytes) {
  const len = bytes.length;
  const head = len < 256 ? [0xc4, len] : len < 65536 ? [0xc5, len >> 8, len]
    : [0xc6, len >> 24, len >> 16, len >> 8, len];
  return concatBytes(Uint8Array.from(head), bytes);
}

const record = (id, bytes) => ({
  kind: 'record', id, bytes, whole: concatBytes(Uint8Array.of(0x92), bin(fromHex(id)), bin(bytes)),
});
const line = (scope, count) => ({
  kind: 'section', scope, count,
  whole: concatBytes(Uint8Array.of(0x93), str('scope'), bin(fromHex(scope)), uint(count)),
});
const proofOf = (hashes) => concatBytes(
  hashes.length < 16 ? Uint8Array.of(0x90 + hashes.length) : Uint8Array.of(0xdc, 0, hashes.length),
  ...hashes.map(bin));
// What a ledger says, written anew from its parts.
const writers = {
  log: ({ origin, count }) => concatBytes(Uint8Array.of(0x93), str('log'), text(origin), uint(count)),
  checkpoint: ({ bytes }) => concatBytes(Uint8Array.of(0x92), str('checkpoint'), bin(bytes)),
  seal: ({ bytes }) => concatBytes(Uint8Array.of(0x92), str('seal'), bin(bytes)),
  opened: ({ tree, bytes, sizeSalt, rootSalt, proof }) => concatBytes(Uint8Array.of(0x96), str('opened'),
    uint(BigInt(tree)), bin(bytes), bin(sizeSalt), bin(rootSalt), proofOf(proof)),
  included: ({ opened, index, proof }) => concatBytes(Uint8Array.of(0x94), str('included'), uint(opened),
    uint(index), proofOf(proof)),
};
const rewrite = (part) => ({ ...part, whole: writers[part.kind](part) });
const end = (count) => ({
  kind: 'end', count, whole: concatBytes(Uint8Array.of(0x92), str('end'), uint(count)),
});

/* ---- the parts of a file ---- */

const join = (parts) => concatBytes(...parts.map(({ whole }) => whole));

// One of these, by the dice.
const one = (list, dice) => list[dice.below(list.length)];

const where = (parts, kind) => parts.map((part, i) => (part.kind === kind ? i : -1))
  .filter((i) => i >= 0);

// Another part in place of part i, or several, or none.
const put = (parts, i, ...others) => [...parts.slice(0, i), ...others, ...parts.slice(i + 1)];

// [[from, to], …] of the sections.
function sections(parts) {
  const starts = where(parts, 'section');
  const last = where(parts, 'end')[0];
  return starts.map((start, i) => [start, starts[i + 1] ?? last]);
}

// The op with one of its shown fields withheld, in the form of single salts.
function withhold(bytes, dice) {
  const op = readUnsigned(bytes);
  if (op.fields.length === 0 || op.fields.length > 15) return null;
  const hidden = dice.below(op.fields.length);
  const { items } = gate(bytes);
  const fields = op.fields.map(({ key, salt, value, commitment }, i) => {
    const isHidden = i === hidden || value === undefined;
    return concatBytes(key.encoded, isHidden ? bin(commitment)
      : concatBytes(Uint8Array.of(0x92), bin(salt), value.encoded));
  });
  return concatBytes(Uint8Array.of(0x9b), ...items.slice(0, 9).map((item) => item.encoded),
    Uint8Array.of(0x80 | fields.length), ...fields, items[10].encoded);
}

/* ---- ledgers ---- */

const ofLedger = (parts) => Object.keys(writers).flatMap((kind) => where(parts, kind));

// Those bytes with one bit of them changed.
function changed(bytes, dice) {
  const copy = Uint8Array.from(bytes);
  copy[dice.below(copy.length)] ^= 1 << dice.below(8);
  return copy;
}

// A proof that is longer, shorter, in another order, or of another hash.
function changedProof(proof, dice) {
  const at = dice.below(proof.length + 1);
  const hash = new Uint8Array(32).fill(dice.below(256));
  if (at === proof.length) return [...proof, hash];
  const other = dice.below(proof.length);
  switch (dice.below(4)) {
    case 0: return proof.filter((_, i) => i !== at);
    case 1: return [...proof.slice(0, at), proof[at], ...proof.slice(at)];
    case 2: return proof.map((part, i) => (i === at ? proof[other] : i === other ? proof[at] : part));
    default: return proof.map((part, i) => (i === at ? changed(part, dice) : part));
  }
}

// One part of one of these kinds, changed by fn.
function changeOne(parts, kindsOf, dice, fn) {
  const i = one(kindsOf.flatMap((kind) => where(parts, kind)), dice);
  const change = fn(parts[i], i);
  return change === null ? null : join(put(parts, i, rewrite({ ...parts[i], ...change })));
}

const kinds = {
  flip: (parts, dice) => opKinds.flip(join(parts), dice),
  byte: (parts, dice) => opKinds.byte(join(parts), dice),
  cut: (parts, dice) => opKinds.cut(join(parts), dice),
  remove: (parts, dice) => opKinds.remove(join(parts), dice),

  trailing: (parts, dice) => concatBytes(join(parts), Uint8Array.of(dice.below(256))),

  dropPart: (parts, dice) => join(put(parts, dice.below(parts.length))),

  doublePart: (parts, dice) => {
    const i = dice.below(parts.length);
    return join(put(parts, i, parts[i], parts[i]));
  },

  swapParts: (parts, dice) => {
    const i = dice.below(parts.length - 1);
    return join([...parts.slice(0, i), parts[i + 1], parts[i], ...parts.slice(i + 2)]);
  },

  moveRecord: (parts, dice) => {
    const i = one(where(parts, 'record'), dice);
    const others = put(parts, i);
    const at = 1 + dice.below(others.length - 1);
    return join([...others.slice(0, at), parts[i], ...others.slice(at)]);
  },

  dropRecordAndCount: (parts, dice) => {
    const all = sections(parts).filter(([from, to]) => to - from > 2);
    const [from, to] = one(all, dice);
    const dropped = from + one(where(parts.slice(from, to), 'record'), dice);
    const last = parts.length - 1;
    const counted = put(put(parts, last, end(parts[last].count - 1n)), from,
      line(parts[from].scope, parts[from].count - 1n));
    return join(put(counted, dropped));
  },

  swapSections: (parts, dice) => {
    const all = sections(parts);
    const i = dice.below(all.length - 1);
    const [[a, b], [, c]] = [all[i], all[i + 1]];
    return join([...parts.slice(0, a), ...parts.slice(b, c), ...parts.slice(a, b), ...parts.slice(c)]);
  },

  doubleSection: (parts, dice) => {
    const [from, to] = one(sections(parts), dice);
    return join([...parts.slice(0, to), ...parts.slice(from)]);
  },

  dropSection: (parts, dice) => {
    const [from, to] = one(sections(parts), dice);
    const last = parts.length - 1;
    const left = end(parts[last].count - BigInt(where(parts.slice(from, to), 'record').length));
    return join([...parts.slice(0, from), ...parts.slice(to, last), left]);
  },

  count: (parts, dice) => {
    const i = one([...where(parts, 'section'), ...where(parts, 'end')], dice);
    const count = BigInt(dice.below(20));
    return join(put(parts, i, parts[i].kind === 'end' ? end(count) : line(parts[i].scope, count)));
  },

  rename: (parts, dice) => {
    const i = one(where(parts, 'section'), dice);
    const other = parts[one(where(parts, 'section'), dice)].scope;
    return join(put(parts, i, line(other, parts[i].count)));
  },

  id: (parts, dice) => {
    const i = one(where(parts, 'record'), dice);
    const other = parts[one(where(parts, 'record'), dice)].id;
    return join(put(parts, i, record(other, parts[i].bytes)));
  },

  // A changed op in a frame that is right.
  op: (parts, dice) => {
    const i = one(where(parts, 'record'), dice);
    const changed = one(Object.values(opKinds), dice)(parts[i].bytes, dice);
    return changed === null || changed[0] !== 0x9b ? null
      : join(put(parts, i, record(parts[i].id, changed)));
  },

  withhold: (parts, dice) => {
    const i = one(where(parts, 'record'), dice);
    const changed = withhold(parts[i].bytes, dice);
    return changed === null ? null : join(put(parts, i, record(parts[i].id, changed)));
  },

  flipLedger: (parts, dice) => changeOne(parts, ['checkpoint', 'seal', 'opened'], dice,
    ({ bytes }) => ({ bytes: changed(bytes, dice) })),

  dropLedger: (parts, dice) => join(put(parts, one(ofLedger(parts), dice))),

  doubleLedger: (parts, dice) => {
    const i = one(ofLedger(parts), dice);
    return join(put(parts, i, parts[i], parts[i]));
  },

  moveLedger: (parts, dice) => {
    const i = one(ofLedger(parts), dice);
    const others = put(parts, i);
    const at = 1 + dice.below(others.length - 1);
    return join([...others.slice(0, at), parts[i], ...others.slice(at)]);
  },

  swapLedger: (parts, dice) => {
    const [i, k] = [one(ofLedger(parts), dice), one(ofLedger(parts), dice)];
    return join(put(put(parts, i, parts[k]), k, parts[i]));
  },

  // Another one of that kind in its place.
  otherLedger: (parts, dice) => {
    const i = one(ofLedger(parts), dice);
    return join(put(parts, i, parts[one(where(parts, parts[i].kind), dice)]));
  },

  logCount: (parts, dice) => changeOne(parts, ['log'], dice,
    ({ count }) => ({ count: dice.below(9) === 0 ? 65537n : count + BigInt(dice.below(3)) - 1n })),

  logOrigin: (parts, dice) => changeOne(parts, ['log'], dice, ({ origin }) => {
    const at = dice.below(origin.length);
    return { origin: origin.slice(0, at) + 'a0b1z/'[dice.below(6)] + origin.slice(at + 1) };
  }),

  // Ends of notes in another order, doubled, left out; numbers in their texts.
  noteLine: (parts, dice) => changeOne(parts, ['checkpoint', 'opened'], dice, ({ bytes }) => {
    const lines = new TextDecoder().decode(bytes).split('\n');
    const [i, k] = [dice.below(lines.length - 1), dice.below(lines.length - 1)];
    const mutated = [
      lines.filter((_, n) => n !== i),
      [...lines.slice(0, i), lines[i], ...lines.slice(i)],
      lines.map((line, n) => (n === i ? lines[k] : n === k ? lines[i] : line)),
      [...lines.slice(0, i), 'more', ...lines.slice(i)],
      lines.map((line, n) => (n === 1 ? String(dice.below(12)) : line)),
    ][dice.below(5)];
    return { bytes: utf8ToBytes(mutated.join('\n')) };
  }),

  // A note, or a salt, of another opening.
  openedPart: (parts, dice) => changeOne(parts, ['opened'], dice, (part) => {
    const other = parts[one(where(parts, 'opened'), dice)];
    return [{ bytes: other.bytes }, { sizeSalt: other.sizeSalt }, { rootSalt: other.rootSalt },
      { sizeSalt: part.rootSalt, rootSalt: part.sizeSalt }, { tree: 1 - part.tree },
      { proof: other.proof }, { sizeSalt: changed(part.sizeSalt, dice) }][dice.below(7)];
  }),

  ledgerProof: (parts, dice) => changeOne(parts, ['opened', 'included', 'included'], dice,
    ({ proof }) => ({ proof: changedProof(proof, dice) })),

  includedPlace: (parts, dice) => changeOne(parts, ['included'], dice, ({ opened, index }) => (
    dice.below(2) === 0 ? { opened: BigInt(dice.below(10)) }
      : { index: dice.below(9) === 0 ? 65535n : index + 1n, opened })),

  head: (parts, dice) => {
    const named = parts[one(where(parts, 'section'), dice)].scope;
    const word = one(['escalation', 'case', 'site', 'period', 'village'], dice);
    const period = word === 'period' ? [uint(BigInt(dice.below(300))), uint(BigInt(dice.below(300)))] : [];
    const network = one(['fengqiao', 'fengqiao', 'fengqiao', 'another'], dice);
    const head = concatBytes(Uint8Array.of(0x94, 0xb1), utf8ToBytes('fengqiao-evidence'),
      uint(BigInt(dice.below(8) === 0 ? 1 : 2)), str(network),
      Uint8Array.of(0x92 + period.length), str(word), bin(fromHex(named)), ...period);
    return join(put(parts, 0, { whole: head }));
  },
};

// [{what, bytes}]
export function mutateFile(bytes, count, dice) {
  const parts = cutEvidence(bytes);
  const names = Object.keys(kinds);
  const mutations = [];
  for (let i = 0; i < count; i++) {
    const kind = names[i % names.length];
    const mutated = kinds[kind](parts, dice);
    if (mutated !== null) mutations.push({ what: `${kind} ${i}`, bytes: mutated });
  }
  return mutations;
}
