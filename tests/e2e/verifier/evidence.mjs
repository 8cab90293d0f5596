// A whole evidence file of PROTOCOL.md §10, as far as it goes without folding rights:
// form, ids, signatures, commitments, sections, scopes, parents, authority, times, end, and
// what is said of ledgers.
import { Refused, gateAt } from './gate.mjs';
import { Ledger, readLedgerEntry } from './ledger.mjs';
import { isSigned, networkId, readUnsigned } from './op.mjs';
import { toHex } from './vectors.mjs';

const OP_MAX = 128 * 1024;
const NETWORK_MAX = 64;
const FOUNDS = { found: 'charter', 'case-new': 'case', escalate: 'escalation' };

const isBin32 = (element) => element?.type === 'bin' && element.raw.length === 32;
const isUint = (element) => element?.type === 'int' && element.value >= 0n;
const isWord = (element, word) => element?.type === 'str' && element.text === word;

/* ---- values of the sequence ---- */

// {about, named, network}, or null.
function readHead(value) {
  const items = value.type === 'array' ? value.items : [];
  if (items.length !== 4 || !isWord(items[0], 'fengqiao-evidence') || !isUint(items[1]) ||
      items[1].value !== 2n || items[2].type !== 'str' || items[2].raw.length > NETWORK_MAX ||
      items[3].type !== 'array') return null;
  const [about, named, from, to] = items[3].items;
  const isPeriod = isWord(about, 'period');
  if (!isPeriod && !['escalation', 'case', 'site'].some((word) => isWord(about, word))) return null;
  if (items[3].items.length !== (isPeriod ? 4 : 2) || !isBin32(named)) return null;
  if (isPeriod && !(isUint(from) && isUint(to) && from.value <= to.value)) return null;
  return { about: about.text, named: toHex(named.raw), network: networkId(items[2].text) };
}

// {kind: 'record' | 'section' | 'end' | what ledger.mjs has, …}, or null.
function readEntry(value) {
  const items = value.type === 'array' ? value.items : [];
  if (items.length === 3 && isWord(items[0], 'scope') && isBin32(items[1]) && isUint(items[2])) {
    return { kind: 'section', scope: toHex(items[1].raw), count: items[2].value };
  }
  const said = readLedgerEntry(items);
  if (said || items.length !== 2) return said;
  if (isWord(items[0], 'end') && isUint(items[1])) return { kind: 'end', count: items[1].value };
  const isRecord = isBin32(items[0]) && items[1].type === 'bin' && items[1].raw.length <= OP_MAX &&
    items[1].raw[0] === 0x9b;
  return isRecord ? { kind: 'record', id: toHex(items[0].raw), bytes: items[1].raw } : null;
}

// The values up to the first that cannot be read: {head, entries, isDamaged}.
function readSequence(bytes) {
  const entries = [];
  let head = null;
  let at = 0;
  try {
    const first = gateAt(bytes, 0);
    head = readHead(first.value);
    at = first.end;
    while (head && at < bytes.length) {
      const { value, end } = gateAt(bytes, at);
      const entry = readEntry(value);
      if (!entry) return { head, entries, isDamaged: true };
      entries.push({ ...entry, isLast: end === bytes.length });
      at = end;
      if (entry.kind === 'end') break;
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { head, entries, isDamaged: true };
  }
  return { head, entries, isDamaged: head === null };
}

/* ---- judging ---- */

// A signature takes some milliseconds here, and files that were changed have most records
// in common.
const examined = new Map();

// {op, isSigned}, op undefined where it cannot be read.
function examine(bytes, network) {
  const key = `${toHex(network)} ${toHex(bytes)}`;
  if (!examined.has(key)) {
    try {
      const op = readUnsigned(bytes);
      examined.set(key, { op, isSigned: isSigned(op, network) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      examined.set(key, {});
    }
  }
  return examined.get(key);
}

export class Verdict {
  constructor() {
    this.failures = []; // "check id", the id empty where it is about the file
    this.isDamaged = false; // what stands behind the damage was not looked at
  }

  fail(check, id = '') {
    this.failures.push(`${check} ${id}`);
  }

  get holds() {
    return !this.isDamaged && this.failures.length === 0;
  }
}

class Reader {
  constructor(head, verdict) {
    this.head = head;
    this.verdict = verdict;
    this.charters = new Map(); // id of a record -> is it judged?
    this.last = {}; // the last section of a charter, and of another scope
    this.records = 0n;
    this.isNamedHere = false;
    this.section = null;
    this.ledger = new Ledger(verdict);
  }

  begin(scope, count) {
    this.section = { scope, count, entries: 0n, known: new Map(), times: new Map(), kind: null };
  }

  // Whose record is it, where no line of the file says so?
  lookWhose(scope) {
    const { section } = this;
    const isFull = !section || section.count === null || section.entries >= section.count;
    if (section && (section.scope === scope || (section.entries > 0n && !isFull))) return;
    if (section && section.entries === 0n) {
      this.verdict.fail('section', section.scope);
      section.scope = scope;
      return;
    }
    this.close();
    this.begin(scope, null);
    this.verdict.fail('section', scope);
  }

  // What the record says of itself; null where it cannot be read.
  claim({ id, bytes }) {
    const { op, isSigned: isSignedHere } = examine(bytes, this.head.network);
    if (!op) {
      this.verdict.fail('form', id);
      return null;
    }
    const isId = toHex(op.id) === id;
    if (!isId) this.verdict.fail('id', id);
    if (!isSignedHere) this.verdict.fail('signature', id);
    return { op, isSigned: isSignedHere, holds: isId && isSignedHere };
  }

  // Of what it builds on: is it judged; undefined where it is not there.
  statesBehind(op) {
    const { section, charters } = this;
    const states = [];
    for (const parent of op.parents) states.push(section.known.get(toHex(parent)));
    for (const head of op.authority) {
      const own = section.kind === 'charter' ? section.known.get(toHex(head)) : undefined;
      states.push(own ?? charters.get(toHex(head)));
    }
    return states;
  }

  place(id, op, scope) {
    const { section, verdict } = this;
    if (scope !== section.scope) {
      verdict.fail('scope', id);
      return false;
    }
    if (op.scope.length === 0) section.kind = FOUNDS[op.kind] ?? 'other';
    const states = this.statesBehind(op);
    if (states.includes(undefined)) {
      verdict.fail('order', id);
      return false;
    }
    if (states.includes(false)) return false;
    const times = op.parents.map((parent) => section.times.get(toHex(parent)));
    const highest = times.reduce((a, b) => (a > b ? a : b), 0n);
    if (op.time !== highest + 1n) {
      verdict.fail('time', id);
      return false;
    }
    section.times.set(id, op.time);
    section.founding ??= id;
    return true;
  }

  record(entry) {
    const claimed = this.claim(entry);
    this.records++;
    this.ledger.recorded(entry.id, Boolean(claimed?.holds));
    const own = claimed && toHex(claimed.op.id);
    const scope = claimed && (claimed.op.scope.length === 0 ? own : toHex(claimed.op.scope));
    if (claimed?.isSigned) this.lookWhose(scope);
    if (!this.section) return;
    this.section.entries++;
    const { known } = this.section;
    if (known.has(entry.id)) {
      this.verdict.fail('order', entry.id);
      return;
    }
    const isJudged = Boolean(claimed?.holds) && this.place(entry.id, claimed.op, scope);
    known.set(entry.id, isJudged);
    if (claimed && !known.has(own)) known.set(own, false);
  }

  isInTurn() {
    const { section, last, verdict } = this;
    const which = section.kind === 'charter' ? 'charter' : 'other';
    if (section.kind === null) return false;
    const isLate = which === 'charter' && last.other !== undefined;
    if (isLate || (last[which] !== undefined && section.scope <= last[which])) {
      verdict.fail('section', section.scope);
      return false;
    }
    last[which] = section.scope;
    return true;
  }

  belongs() {
    const { section: { scope, kind }, head: { about, named } } = this;
    const isSite = about === 'site' || about === 'period';
    if (kind === 'charter') return scope !== named || isSite;
    if (!isSite) return scope === named && kind === about;
    return scope !== named && (kind === 'escalation' || kind === 'case');
  }

  // The section is whole.
  close() {
    const { section, verdict } = this;
    if (!section) return;
    if (section.scope === this.head.named) this.isNamedHere = true;
    const isOdd = section.count !== null && section.count !== section.entries;
    if (isOdd || section.entries === 0n) verdict.fail('section', section.scope);
    const isInTurn = this.isInTurn();
    const isOurs = isInTurn && this.belongs();
    this.section = null;
    if (section.founding === undefined) return;
    if (isInTurn && !isOurs) verdict.fail('scope', section.founding);
    if (section.kind !== 'charter') return;
    for (const [id, isJudged] of section.known) {
      if (!this.charters.has(id)) this.charters.set(id, isJudged && isOurs);
    }
  }

  end(entry) {
    this.close();
    if (entry.count !== this.records || !entry.isLast) this.verdict.fail('end');
  }
}

// The verdict on the bytes of a file.
export function judgeEvidence(bytes) {
  const verdict = new Verdict();
  const { head, entries, isDamaged } = readSequence(bytes);
  verdict.isDamaged = isDamaged;
  if (!head) return verdict;
  const reader = new Reader(head, verdict);
  let hasEnd = false;
  for (const entry of entries) {
    if (entry.kind === 'section') {
      reader.ledger.leave();
      reader.close();
      reader.begin(entry.scope, entry.count);
    } else if (entry.kind === 'record') {
      reader.ledger.leave();
      reader.record(entry);
    } else if (entry.kind === 'end') {
      reader.ledger.leave();
      reader.end(entry);
      hasEnd = true;
    } else {
      reader.ledger.place(entry);
    }
  }
  if (!hasEnd) {
    reader.ledger.leave();
    reader.close();
    verdict.fail('end');
  }
  if (!reader.isNamedHere) verdict.fail('scope');
  return verdict;
}

// What a head and its entries look like again, for who changes them: [{kind, bytes, …}].
export function cutEvidence(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length;) {
    const { value, end } = gateAt(bytes, at);
    parts.push({ ...(at === 0 ? { kind: 'head' } : readEntry(value)), whole: bytes.subarray(at, end) });
    at = end;
  }
  return parts;
}


