// What left a village, by the wiretap's record, against what its previews promised.
// usage: node egress.mjs MODULES EVIDENCE FILES...
// MODULES: the folder with the verifier's installed packages. FILES: what the parent holds,
// folders or files. EVIDENCE: a folder with
//   transcript              the wiretap's record (wiretap/transcript.h)
//   N.preview, N.released   `escalate --preview --json`, and the id it then got
//   private, withheld, chosen, numbers   texts, a line each
//   census                  the ids of the village (wiretap/census_main.c)
//   charters                the ids of the sites whose charters may travel
// A line for each rule: `ok RULE` or `FAILED RULE`, then what is wrong. Exit 1 if any failed.
//
// How a preview maps to an op: `fields` holds the record, name k there is field case.k of
// the op; `extra` holds the rest under the op's own names. Values are the field's
// MessagePack as JSON (bin as hex). `origin` alone is drawn at the release: a preview says
// only that 32 bytes leave, and that is what is held against it.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gate } from './verifier/gate.mjs';
import { Seeker } from './seek.mjs';

const NAMES = ['hello', 'neg', 'same', 'want', 'ops', 'ack', 'done', 'again', 'instance', 'copy',
  'checkpoint', 'cosignature', 'witnessed'];
const CHARTER_KINDS = ['found', 'person', 'node', 'link', 'revoke'];
const CLASSES = [256, 1024, 4096, 16384, 32768];
const HANDSHAKE = { child: [4 + 16 + 48, 64], parent: [48] }; // PROTOCOL.md §8, XK
const LENGTH = 2; // before each frame
const OTHER = { child: 'parent', parent: 'child' };
const SEALED = 'a sealed reference of 32 bytes'; // how a preview names the origin

// ---- evidence

function lines(path) {
  return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
}

function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => {
    const below = join(path, name);
    return statSync(below).isDirectory() ? filesBelow(below)
      : statSync(below).isFile() ? [below] : [];
  });
}

export function readEvidence(modules, dir, paths) {
  const { blake2b } = createRequire(join(resolve(modules), 'package.json'))('@noble/hashes/blake2');
  const list = (name) => lines(join(dir, name));
  const census = list('census').map((line) => line.split(' '));
  return {
    blake2b,
    seekers: new Map(), // what is to be found does not change: made once, kept for the next judge
    buffers: new Map(), // the same for messages, by their hex
    records: list('transcript').map((line) => JSON.parse(line)),
    previews: readdirSync(dir).filter((name) => name.endsWith('.preview')).map((name) => ({
      scope: list(name.replace('preview', 'released'))[0],
      ...JSON.parse(readFileSync(join(dir, name), 'utf8')),
    })),
    private: list('private'),
    withheld: list('withheld'),
    chosen: list('chosen'),
    numbers: list('numbers'),
    charters: list('charters'),
    caseIds: census.filter(([kind]) => kind === 'case' || kind === 'case-op').map(([, id]) => id),
    files: paths.flatMap(filesBelow).map((path) => ({ path, bytes: readFileSync(path) })),
  };
}

// ---- values

function plain(node) {
  switch (node.type) {
    case 'nil': return null;
    case 'bool': return node.value;
    case 'int': return Number(node.value);
    case 'str': return node.text;
    case 'bin': return Buffer.from(node.raw).toString('hex');
    case 'array': return node.items.map(plain);
    default:
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plain(value)]));
  }
}

function line(scope, name, value) {
  return `${scope.slice(0, 8)} ${name} = ${JSON.stringify(value)}`;
}

function messages(evidence) {
  return evidence.records.filter(({ at }) => at === 'message');
}

function opsFrom(evidence, from) {
  return messages(evidence).filter((message) => message.from === from)
    .flatMap((message) => message.ops ?? []);
}

// ---- rules: each gives what is wrong, or nothing

// What the child showed in scopes of escalations is what the previews listed, both ways.
function shown(evidence) {
  const wrong = [];
  const listed = new Set();
  const left = new Set();
  const origins = new Map();
  for (const { scope, fields, extra } of evidence.previews) {
    const promised = { ...extra };
    for (const [name, value] of Object.entries(fields)) promised[`case.${name}`] = value;
    for (const [name, value] of Object.entries(promised)) {
      if (name !== 'origin') listed.add(line(scope, name, value));
      else if (value.startsWith(SEALED)) origins.set(scope, new Set());
      else wrong.push(`${scope.slice(0, 8)} previews an origin of another form`);
    }
  }
  for (const op of opsFrom(evidence, 'child')) {
    if (evidence.charters.includes(op.scope)) continue;
    for (const name of op.withheld) wrong.push(`${op.scope.slice(0, 8)} names ${name}, which it does not show`);
    for (const { name, value } of op.shown) {
      const node = gate(Buffer.from(value, 'hex'));
      if (name !== 'origin') left.add(line(op.scope, name, plain(node)));
      else if (node.type === 'bin' && node.raw.length === 32) origins.get(op.scope)?.add(value);
      else wrong.push(`${op.scope.slice(0, 8)} shows an origin that is not 32 bytes`);
    }
  }
  for (const one of left) if (!listed.has(one)) wrong.push(`left without a preview: ${one}`);
  for (const one of listed) if (!left.has(one)) wrong.push(`previewed and did not leave: ${one}`);
  for (const [scope, values] of origins) {
    if (values.size !== 1) wrong.push(`${scope.slice(0, 8)} shows ${values.size} origins`);
  }
  if (listed.size === 0) wrong.push('no preview lists anything');
  return wrong;
}

function seekerOf(evidence, lists) {
  const known = evidence.seekers.get(String(lists));
  if (known) return known;
  const seeker = new Seeker(evidence.blake2b);
  evidence.seekers.set(String(lists), seeker);
  for (const list of lists) {
    for (const one of evidence[list]) {
      if (list === 'caseIds') seeker.addId(`${list} ${one}`, one);
      else seeker.addText(`${list} ${one}`, one);
    }
  }
  return seeker;
}

function findInMessage(evidence, seeker, hex) {
  if (!evidence.buffers.has(hex)) evidence.buffers.set(hex, Buffer.from(hex, 'hex'));
  return seeker.find(evidence.buffers.get(hex));
}

function inMessages(evidence, seeker) {
  return messages(evidence).flatMap(({ from, name, hex }) =>
    [...findInMessage(evidence, seeker, hex)].map(([label, form]) =>
      `${label} (${form}) in ${name} from the ${from}`));
}

function inFiles(evidence, seeker) {
  return evidence.files.flatMap(({ path, bytes }) =>
    [...seeker.find(bytes)].map(([label, form]) => `${label} (${form}) in ${path}`));
}

// Nothing of a private case: no field, no number, no id of a case or of its ops.
const PRIVATE = ['private', 'numbers', 'caseIds'];

function quiet(evidence) {
  const wrong = inMessages(evidence, seekerOf(evidence, PRIVATE));
  for (const list of PRIVATE) if (evidence[list].length === 0) wrong.push(`nothing to look for: ${list}`);
  return wrong;
}

function absent(evidence) {
  const wrong = inFiles(evidence, seekerOf(evidence, PRIVATE));
  if (evidence.files.length === 0) wrong.push('there are no files to look into');
  return wrong;
}

// Fields of an escalated case that nobody chose did not travel, and no preview has them.
function withheld(evidence) {
  const seeker = seekerOf(evidence, ['withheld']);
  const previews = Buffer.from(JSON.stringify(evidence.previews));
  return [
    ...inMessages(evidence, seeker),
    ...inFiles(evidence, seeker),
    ...[...seeker.find(previews).keys()].map((label) => `${label} in a preview`),
    ...(evidence.withheld.length === 0 ? ['nothing to look for'] : []),
  ];
}

// The same search finds what was chosen, so it can find.
function chosen(evidence) {
  const seeker = seekerOf(evidence, ['chosen']);
  const sent = new Set(messages(evidence).filter(({ from }) => from === 'child')
    .flatMap(({ hex }) => [...findInMessage(evidence, seeker, hex).keys()]));
  const held = new Set(evidence.files.flatMap(({ bytes }) => [...seeker.find(bytes).keys()]));
  return evidence.chosen.flatMap((one) => [
    ...(sent.has(`chosen ${one}`) ? [] : [`${one} was in no message`]),
    ...(held.has(`chosen ${one}`) ? [] : [`${one} is in no file`]),
  ]);
}

// Every op, whichever way it went, is of a charter or of one of these escalations.
function scopes(evidence) {
  const escalations = new Set(evidence.previews.map(({ scope }) => scope));
  const wrong = [];
  for (const from of ['child', 'parent']) {
    for (const op of opsFrom(evidence, from)) {
      const isCharter = evidence.charters.includes(op.scope);
      if (!op.verified) wrong.push(`${op.id}: its signature does not hold`);
      if (!isCharter && !escalations.has(op.scope)) {
        wrong.push(`${op.kind} ${op.id} from the ${from} is of scope ${op.scope}`);
      }
      if (isCharter !== CHARTER_KINDS.includes(op.kind)) {
        wrong.push(`${op.kind} ${op.id} is in a scope of another kind`);
      }
    }
  }
  const sent = new Set(opsFrom(evidence, 'child').map(({ scope }) => scope));
  for (const scope of escalations) if (!sent.has(scope)) wrong.push(`escalation ${scope} did not leave`);
  return wrong;
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

// One connection, one direction: the socket's bytes are the handshake and the frames, what
// the frames carry is the messages, and as many bytes went on to the other end.
function direction(records, close, from) {
  const wrong = [];
  const of = (at) => records.filter((record) => record.at === at && record.from === from);
  const expect = (what, got, expected) => {
    if (got !== expected) wrong.push(`conn ${close.conn} from the ${from}, ${what}: ${got} is not ${expected}`);
  };
  const handshake = of('handshake').map(({ bytes }) => bytes);
  const frames = of('frame');
  const framed = sum(frames.map(({ bytes }) => bytes));
  expect('handshake', String(handshake), String(HANDSHAKE[from]));
  expect('bytes read', close[from].read, sum(handshake) + framed);
  expect('bytes without a frame', close[from].left, 0);
  expect('bytes passed on', close[OTHER[from]].written, sum(HANDSHAKE[from]) + framed);
  expect('bytes in messages', sum(of('message').map(({ bytes }) => 4 + bytes)),
    sum(frames.map(({ used }) => used)));
  for (const { bytes } of frames) {
    if (!CLASSES.includes(bytes - LENGTH)) expect('class of a frame', bytes - LENGTH, 'one');
  }
  return wrong;
}

function bytes(evidence) {
  const wrong = [];
  const { records } = evidence;
  const tappedAt = records.findIndex(({ at, kind }) => at === 'open' && kind === 'tapped');
  records.forEach(({ at, kind, conn }, i) => {
    if (at === 'open' && !records.some((other) => other.at === 'close' && other.conn === conn)) {
      wrong.push(`conn ${conn} never ended`);
    }
    // What we have no key for must be over before there is anything to hide.
    if ((at === 'open' || at === 'close') && kind !== 'tapped' && i > tappedAt) {
      wrong.push(`conn ${conn} is ${kind}`);
    }
  });
  const ends = records.filter(({ at, kind }) => at === 'close' && kind === 'tapped');
  for (const close of ends) {
    const own = records.filter(({ conn }) => conn === close.conn);
    if (close.fault) wrong.push(`conn ${close.conn}: ${close.fault}`);
    for (const from of ['child', 'parent']) wrong.push(...direction(own, close, from));
  }
  if (ends.length === 0) wrong.push('no connection was tapped');
  return wrong;
}

// Every message is one we know and could take apart to its end.
function readable(evidence) {
  return messages(evidence).flatMap(({ name, fault, from }) => [
    ...(NAMES.includes(name) ? [] : [`a message called "${name}" from the ${from}`]),
    ...(fault ? [`${name} from the ${from}: ${fault}`] : []),
  ]);
}

export const rules = {
  'readable: every message is known and taken apart to its end': readable,
  'bytes: the socket carried the handshake and frames of messages, nothing beside': bytes,
  'scopes: every op belongs to a charter or to an escalation released': scopes,
  'shown: what left is what was previewed, no field more and none less': shown,
  'quiet: nothing of a private case in any message, nor its number, nor an id': quiet,
  'absent: nor in any file of the parent': absent,
  'withheld: no field that was not chosen travelled': withheld,
  'chosen: the same search finds every field that was chosen': chosen,
};

// [rule, what is wrong…] for each.
export function judge(evidence) {
  return Object.entries(rules).map(([name, rule]) => [name, rule(evidence)]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [modules, dir, ...paths] = process.argv.slice(2);
  const verdicts = judge(readEvidence(modules, dir, paths));
  for (const [name, wrong] of verdicts) {
    console.log(`${wrong.length === 0 ? 'ok' : 'FAILED'} ${name}`);
    for (const one of wrong.slice(0, 12)) console.log(`  ${one}`);
  }
  process.exitCode = verdicts.every(([, wrong]) => wrong.length === 0) ? 0 : 1;
}
