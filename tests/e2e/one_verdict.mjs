// Two implementations, one verdict: every vector, and mutations of them, before
// fengqiao-conform and before the verifier. Exit code 1 at any disagreement.
// usage: node one_verdict.mjs MODULES PROGRAM OPS.TXT [MUTATIONS] [SEED]
// MODULES: the folder with the verifier and its installed packages.
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const [modules, program, vectorsPath, mutationsArgument, seedArgument] =
  process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(resolve(modules), name)).href);
const { judge, networkId, readOp } = await load('op.mjs');
const { readVectors, fromHex, toHex } = await load('vectors.mjs');
const { Conform } = await load('conform.mjs');
const { composeLarge } = await load('compose.mjs');
const { mutate, Dice } = await load('mutate.mjs');

const MUTATIONS = Number(mutationsArgument ?? 3000);
const SEED = Number(seedArgument ?? 1);
const AT_ONCE = 64;
const network = networkId('fengqiao');
const conform = new Conform(program);
const counts = { asked: 0, accepted: 0, refused: 0, late: 0, disagreements: 0 };

function complain(what, bytes, theirs, ours) {
  counts.disagreements++;
  console.log(`disagreement: ${what}\n  bytes ${toHex(bytes)}`);
  console.log(`  fengqiao-conform: ${theirs}\n  verifier: ${ours}`);
}

// Is this verdict about the key or the signature, and not about the bytes before them?
// Both sides look at these last, so they have to agree here too: otherwise a signature
// that fails would hide that one of them takes bytes which the other does not.
const LATE = /signature|author's key/;

// Both verdicts; gives ours as text, "ok ID" or "refused: …".
async function compare(what, bytes) {
  const answer = await conform.ask(`op ${toHex(bytes)}`);
  const { id, reason } = judge(bytes, network);
  const ours = id ? `ok ${toHex(id)}` : `refused: ${reason}`;
  counts.asked++;
  counts[id ? 'accepted' : 'refused']++;
  if (!id && LATE.test(reason)) counts.late++;
  const isSame = id ? answer === ours
    : !answer.startsWith('ok ') && LATE.test(answer) === LATE.test(reason);
  if (!isSame || answer.startsWith('error')) complain(what, bytes, answer, ours);
  return ours;
}

// What the file says about an accepted op, recomputed.
function checkParts(vector, bytes) {
  const op = readOp(bytes, network);
  const wrong = [];
  const expect = (what, got, expected) => {
    if (got !== expected) wrong.push(`${what}: ${got} is not ${expected}`);
  };
  expect('header', toHex(op.header), vector.header);
  expect('signature', toHex(op.signature), vector.signature);
  expect('fields', op.fields.length, vector.fields.length);
  op.fields.forEach((field, i) => {
    const expected = vector.fields[i];
    const encoded = field.value ? field.value.encoded : new Uint8Array();
    expect('name', field.key.text, expected.name);
    expect('salt', toHex(field.salt ?? new Uint8Array()), expected.salt);
    expect('commitment', toHex(field.commitment), expected.commitment);
    expect('value', toHex(encoded), expected.value);
  });
  return wrong;
}

async function compareVectors(vectors) {
  for (const vector of vectors) {
    const bytes = fromHex(vector.bytes);
    const ours = await compare(vector.name, bytes);
    const expected = vector.verdict === 'ok' ? `ok ${vector.id}` : 'refused';
    const wrong = ours.startsWith(expected) ? [] : [`${ours} is not ${expected}`];
    if (wrong.length === 0 && vector.verdict === 'ok') {
      wrong.push(...checkParts(vector, bytes));
    }
    for (const text of wrong) complain(`${vector.name}: ops.txt`, bytes, expected, text);
  }
}

async function compareAll(cases) {
  for (let i = 0; i < cases.length; i += AT_ONCE) {
    await Promise.all(cases.slice(i, i + AT_ONCE)
      .map(({ what, bytes }) => compare(what, bytes)));
  }
}

try {
  const vectors = readVectors(vectorsPath);
  await compareVectors(vectors);
  console.log(`vectors: ${vectors.length}`, JSON.stringify(counts));

  const large = composeLarge(network);
  for (const { what, bytes, verdict } of large) {
    const ours = await compare(what, bytes);
    if (!ours.startsWith(verdict)) complain(what, bytes.subarray(0, 80), verdict, ours);
  }
  console.log(`large: ${large.length}`, JSON.stringify(counts));

  const dice = new Dice(SEED);
  const originals = vectors.filter(({ bytes }) => bytes !== '-')
    .map(({ name, verdict, bytes }) => ({ name, verdict, bytes: fromHex(bytes) }));
  const mutations = mutate(originals, MUTATIONS, dice);
  await compareAll(mutations);
  console.log(`mutations: ${mutations.length}, seed ${SEED}`, JSON.stringify(counts));
} finally {
  conform.close();
}
process.exitCode = counts.disagreements === 0 ? 0 : 1;
