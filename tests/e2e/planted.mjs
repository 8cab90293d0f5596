// Can the judge of egress.mjs say no? Takes evidence that it accepts, plants one leak or
// slip at a time, and asks for exactly the rules that must then fail.
// usage: node planted.mjs MODULES EVIDENCE FILES...
import { judge, readEvidence } from './egress.mjs';

const [modules, dir, ...paths] = process.argv.slice(2);
const sound = readEvidence(modules, dir, paths);
const failing = (evidence) => judge(evidence).filter(([, wrong]) => wrong.length > 0)
  .map(([name]) => name.split(':')[0]).join(' ');

const isOps = (record) => record.at === 'message' && record.name === 'ops' && record.from === 'child';
const isNeg = (record) => record.at === 'message' && record.name === 'neg';

// Into a message, as a bug would: its length stays that of what the frames carried.
function into(record, secret) {
  record.hex = secret.toString('hex') + record.hex.slice(2 * secret.length);
}
const first = (evidence, is) => evidence.records.find(is);
const escalate = (evidence) => evidence.records.filter(isOps).flatMap(({ ops }) => ops)
  .find(({ kind }) => kind === 'escalate');
const text = (list, i) => Buffer.from(sound[list][i]);
const id = (i) => Buffer.from(sound.caseIds[i], 'hex');
const digest = (bytes) => Buffer.from(sound.blake2b(bytes, { dkLen: 32 }));

const plants = [
  ['a private field as it is', 'quiet', (e) => into(first(e, isNeg), text('private', 7))],
  ['a private field in hex', 'quiet', (e) => into(first(e, isOps), Buffer.from(text('private', 8).toString('hex')))],
  ['a private field in base64, at an odd place', 'quiet', (e) => into(first(e, isOps),
    Buffer.from(Buffer.concat([Buffer.from('>'), text('private', 9)]).toString('base64')))],
  ['the digest of a private field', 'quiet', (e) => into(first(e, isOps), digest(text('private', 10)))],
  ['the number of a case', 'quiet', (e) => into(first(e, isOps), text('numbers', 3))],
  ['the id of a case', 'quiet', (e) => into(first(e, isNeg), id(0))],
  ['the first bytes of the id of an op', 'quiet', (e) => into(first(e, isNeg), id(1).subarray(0, 8))],
  ['a private field in a file of the parent', 'absent', (e) => {
    e.files.push({ path: 'page', bytes: Buffer.concat([Buffer.alloc(4093), text('private', 11)]) });
  }],
  ['a case id in a file of the parent', 'absent', (e) => e.files.push({ path: 'log', bytes: Buffer.from(id(2).toString('hex')) })],
  ['a withheld field in a message', 'withheld', (e) => into(first(e, isOps), text('withheld', 2))],
  ['a withheld field in a file', 'withheld', (e) => e.files.push({ path: 'wal', bytes: text('withheld', 3) })],
  ['a field that no preview lists', 'shown', (e) => {
    escalate(e).shown.push({ name: 'case.remark', value: 'a178' });
  }],
  ['a previewed field that does not leave', 'shown', (e) => {
    escalate(e).shown = escalate(e).shown.filter(({ name }) => name !== 'case.context');
  }],
  ['another value than the previewed', 'shown', (e) => {
    escalate(e).shown.find(({ name }) => name === 'reason').value = 'a178';
  }],
  ['the name of a field without its value', 'shown', (e) => escalate(e).withheld.push('case.wish')],
  ['an op of a case', 'scopes shown', (e) => {
    const ops = e.records.find(isOps).ops;
    ops.push({ ...structuredClone(ops[0]), scope: 'ab'.repeat(32), kind: 'note', shown: [{ name: 'text', value: 'a178' }] });
  }],
  ['an op whose signature does not hold', 'scopes', (e) => { escalate(e).verified = false; }],
  ['a frame that nobody counted', 'bytes', (e) => {
    e.records.splice(e.records.findIndex(({ at, from }) => at === 'frame' && from === 'child'), 1);
  }],
  ['a byte beside the frames', 'bytes', (e) => { e.records.find(({ at, kind }) => at === 'close' && kind === 'tapped').child.read++; }],
  ['a connection that could not be opened', 'bytes', (e) => {
    e.records.push({ at: 'open', conn: 99, kind: 'opaque' }, { at: 'close', conn: 99, kind: 'opaque' });
  }],
  ['a message nobody knows', 'readable', (e) => { first(e, isNeg).name = 'gossip'; }],
];

let failed = 0;
for (const [what, expected, plant] of [['nothing', '', () => {}], ...plants]) {
  const evidence = { ...sound, records: structuredClone(sound.records), files: [...sound.files] };
  plant(evidence);
  const got = failing(evidence);
  const isRight = got === expected;
  if (!isRight) failed++;
  console.log(`${isRight ? 'ok' : 'FAILED'} planted: ${what}: ${expected === '' ? 'all rules hold' : `${expected} fails`}`);
  if (!isRight) console.log(`  but failing: ${got === '' ? 'none' : got}`);
}
process.exitCode = failed === 0 ? 0 : 1;
