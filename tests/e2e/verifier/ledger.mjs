// What an evidence file says of ledgers: PROTOCOL.md §10, §13 and docs/LEDGER.md §2. Whose
// machines the logs are, charters tell, which are not folded here.
import { blake2b } from '@noble/hashes/blake2b';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { Refused, gate } from './gate.mjs';
import {
  COSIGNATURE, ED25519, EMPTY, Tree, isConsistent, isIncluded, isNoteSigned, isSame, keyId,
  keyOfOrigin, keyOfWitness, leafOf, readCheckpoint, readNote,
} from './note.mjs';
import { fromHex } from './vectors.mjs';

const LOGS_MAX = 64;
const SEALS_MAX = 65536n;
const CHECKPOINTS_MAX = 64;
const OPENED_MAX = 16384;
const NOTE_MAX = 16 * 1024;
const NAME_MAX = 256;
const LEAF_MAX = 384;
const PROOF_MAX = 63;
const TREES = ['private', 'shared'];

/* ---- values of the sequence ---- */

const isBin = (element, len) => element?.type === 'bin' && element.raw.length === len;
const isShort = (element, max) => element?.type === 'bin' && element.raw.length <= max;
const isUint = (element) => element?.type === 'int' && element.value >= 0n;

const isProof = (element) => element?.type === 'array' && element.items.length <= PROOF_MAX &&
  element.items.every((item) => isBin(item, 32));
const proofOf = (element) => element.items.map((item) => item.raw);

const readers = {
  log: (items) => items.length === 3 && items[1].type === 'str' && items[1].raw.length <= NAME_MAX &&
    isUint(items[2]) && { origin: items[1].text, count: items[2].value },
  checkpoint: (items) => items.length === 2 && isShort(items[1], NOTE_MAX) && { bytes: items[1].raw },
  seal: (items) => items.length === 2 && isShort(items[1], LEAF_MAX) && { bytes: items[1].raw },
  opened: (items) => items.length === 6 && isUint(items[1]) && items[1].value < 2n &&
    isShort(items[2], NOTE_MAX) && isBin(items[3], 16) && isBin(items[4], 16) && isProof(items[5]) && {
    tree: Number(items[1].value), bytes: items[2].raw, sizeSalt: items[3].raw, rootSalt: items[4].raw,
    proof: proofOf(items[5]),
  },
  included: (items) => items.length === 4 && isUint(items[1]) && isUint(items[2]) && isProof(items[3]) &&
    { opened: items[1].value, index: items[2].value, proof: proofOf(items[3]) },
};

// {kind, …}, or null.
export function readLedgerEntry(items) {
  const kind = items[0]?.type === 'str' && Object.hasOwn(readers, items[0].text) ? items[0].text : null;
  const read = kind && readers[kind](items);
  return read ? { kind, ...read } : null;
}

/* ---- seals ---- */

function readOwn(kind, items) {
  if (kind === 2n) return items.length === 1 && isUint(items[0]) ? {} : null;
  if (items.length === 0) return {};
  const [origin, size, root] = items;
  const isFormer = kind === 0n && items.length === 3 && origin.type === 'str' &&
    keyOfOrigin(origin.text) !== null && isUint(size) && isBin(root, 32);
  return isFormer ? { former: origin.text } : null;
}

// {kind, former, commitments}, or null.
function readSeal(bytes) {
  let items;
  try {
    const value = gate(bytes);
    items = value.type === 'array' ? value.items : [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return null;
  }
  if (items.length !== 8 || !items.slice(0, 3).every(isUint) || items[0].value !== 1n ||
      items[1].value > 2n || items[3].type !== 'array' ||
      !items.slice(4).every((item) => isBin(item, 32))) return null;
  const own = readOwn(items[1].value, items[3].items);
  return own && { kind: items[1].value, former: own.former,
    commitments: items.slice(4).map((item) => item.raw) };
}

function isOpened(seal, part, salt, value) {
  const commitment = blake2b(concatBytes(utf8ToBytes('fengqiao/1/seal'), Uint8Array.of(0), salt,
    Uint8Array.of(part), value), { dkLen: 32 });
  return isSame(commitment, seal.commitments[part]);
}

const bytes8 = (number) => fromHex(number.toString(16).padStart(16, '0'));

/* ---- judging ---- */

export class Ledger {
  constructor(verdict) {
    this.verdict = verdict;
    this.origins = new Set();
    this.formers = new Set();
    this.logs = 0;
    this.openings = []; // {size, root}, or null for one that does not hold
    this.open = null; // the log that is read
    this.isOver = false;
    this.last = null; // the record before: {id, holds}
  }

  place(entry) {
    const { last } = this;
    this.last = null;
    this[entry.kind](entry, last);
  }

  // Records have begun.
  leave() {
    this.close();
    this.isOver = true;
    this.last = null;
  }

  recorded(id, holds) {
    this.last = { id, holds };
  }

  isLogWrong(origin, count) {
    return keyOfOrigin(origin) === null || this.isOver || this.logs === LOGS_MAX || count > SEALS_MAX ||
      this.origins.has(origin) || this.formers.has(origin);
  }

  log({ origin, count }) {
    this.close();
    const isWrong = this.isLogWrong(origin, count);
    this.open = {
      origin, count, key: keyOfOrigin(origin), isPassed: isWrong, checkpoints: [], read: 0, seals: 0n,
      tree: new Tree(), seal: null, nextTree: 0,
      bases: TREES.map(() => ({ size: 0n, root: EMPTY })),
    };
    if (isWrong) {
      this.verdict.fail('log');
      return;
    }
    this.logs++;
    this.origins.add(origin);
  }

  close() {
    const log = this.open;
    this.open = null;
    if (!log || log.isPassed) return;
    if (log.seals !== log.count) this.verdict.fail('log');
    if (log.checkpoints.at(-1)?.size !== log.count) this.verdict.fail('log');
  }

  checkpoint({ bytes }) {
    const log = this.open;
    if (!log) this.verdict.fail('log');
    if (!log || log.isPassed) return;
    if (log.seals > 0n || log.read++ >= CHECKPOINTS_MAX || !this.takeCheckpoint(log, bytes)) {
      this.verdict.fail('log');
    }
  }

  takeCheckpoint(log, bytes) {
    const note = readNote(bytes);
    const head = note && readCheckpoint(note.text);
    if (!head || head.origin !== log.origin || !isNoteSigned(note, log.origin, ED25519, log.key) ||
        head.size > log.count || head.size <= (log.checkpoints.at(-1)?.size ?? -1n)) return false;
    log.checkpoints.push(head);
    const seen = new Set();
    for (const { name, id } of note.signatures) {
      const key = keyOfWitness(name);
      if (key === null || id !== keyId(name, COSIGNATURE, key) || seen.has(name)) continue;
      seen.add(name);
      if (!isNoteSigned(note, name, COSIGNATURE, key)) this.verdict.fail('cosignature');
    }
    if (head.size === 0n) this.checkRoot(log); // there may be no seal
    return true;
  }

  checkRoot(log) {
    const head = log.checkpoints.find(({ size }) => size === log.seals);
    if (head && !isSame(head.root, log.tree.root)) this.verdict.fail('log');
  }

  seal({ bytes }) {
    const log = this.open;
    if (!log) this.verdict.fail('log');
    if (!log || log.isPassed) return;
    log.seals++;
    log.nextTree = 0;
    log.seal = null;
    if (log.seals > log.count) return;
    log.seal = readSeal(bytes);
    if (!log.seal || (log.seals === 1n && log.seal.kind !== 0n)) this.verdict.fail('log');
    else if (log.seals === 1n && log.seal.former) this.formers.add(log.seal.former);
    log.tree.add(leafOf(bytes));
    this.checkRoot(log);
  }

  opened(entry) {
    const log = this.open;
    if (this.openings.length === OPENED_MAX) {
      this.verdict.fail('opened');
      return;
    }
    this.openings.push(null);
    if (log?.isPassed) return;
    if (!log || log.seals === 0n || entry.tree < log.nextTree) {
      this.verdict.fail('opened');
      return;
    }
    log.nextTree = entry.tree + 1;
    const base = log.bases[entry.tree];
    log.bases[entry.tree] = null; // until this one holds
    if (!log.seal) return;
    const head = this.headOf(log, entry);
    log.bases[entry.tree] = head;
    const holds = head !== null &&
      (base === null || isConsistent(base.size, base.root, head.size, head.root, entry.proof));
    if (holds) this.openings[this.openings.length - 1] = head;
    else this.verdict.fail('opened');
  }

  // What was sealed of that tree, or null.
  headOf(log, { tree, bytes, sizeSalt, rootSalt }) {
    const name = `${log.origin}/${TREES[tree]}`;
    const note = readNote(bytes);
    const head = note && readCheckpoint(note.text);
    if (!head || head.origin !== name || head.extension.length > 0 ||
        !isNoteSigned(note, name, ED25519, log.key)) return null;
    const isSealed = isOpened(log.seal, 2 * tree + 1, sizeSalt, bytes8(head.size)) &&
      isOpened(log.seal, 2 * tree, rootSalt, head.root);
    return isSealed ? head : null;
  }

  included({ opened, index, proof }, last) {
    if (!last) {
      this.verdict.fail('included');
      return;
    }
    if (!last.holds) return;
    if (opened >= BigInt(this.openings.length)) {
      this.verdict.fail('included', last.id);
      return;
    }
    const head = this.openings[Number(opened)];
    if (!head) return;
    if (!isIncluded(leafOf(fromHex(last.id)), index, head.size, proof, head.root)) {
      this.verdict.fail('included', last.id);
    }
  }
}
