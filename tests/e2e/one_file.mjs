// Two implementations, one verdict on whole evidence files: two samples, one of which was
// signed by people who do not keep to the rules, and mutations of them, before `fengqiao verify` and before the verifier. What the verifier does not judge (rights
// and links) is left out. Exit code 1 at any disagreement.
// usage: node one_file.mjs MODULES CLIENT SAMPLE [MUTATIONS] [SEED]
// MODULES: the folder with the verifier and its installed packages. SAMPLE: sample_evidence.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, client, sample, mutationsArgument, seedArgument] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(resolve(modules), name)).href);
const { judgeEvidence } = await load('evidence.mjs');
const { mutateFile } = await load('mutate_file.mjs');
const { Dice } = await load('mutate.mjs');

const MUTATIONS = Number(mutationsArgument ?? process.env.FENGQIAO_FILES ?? 300);
const SEED = Number(seedArgument ?? 1);
const NOT_JUDGED = new Set(['charter', 'chain', 'effect']);
// Of the checks that are compared, what rests on rights, and what is said on top.
const LEFT_OUT = /does not hold it|not one signature holds|its machine is/;
const counts = { files: 0, held: 0, failed: 0, damaged: 0, disagreements: 0 };

function makeSample(...words) {
  const dir = mkdtempSync(join(tmpdir(), 'one-file-'));
  const path = join(dir, 'evidence');
  const trust = execFileSync(sample, [path, ...words], { encoding: 'utf8' }).trim();
  const bytes = new Uint8Array(readFileSync(path));
  rmSync(dir, { recursive: true });
  return { trust, bytes };
}

// What `fengqiao verify` says; throws where it says nothing.
function ask(bytes, trust) {
  const { status, stdout, stderr } =
    spawnSync(client, ['verify', '-', '--trust', trust, '--json'], { input: bytes, encoding: 'utf8' });
  if (status !== 0 && status !== 3) throw new Error(`exit code ${status}: ${stderr}`);
  const said = JSON.parse(stdout);
  if ((said.verdict === 'holds') !== (status === 0)) throw new Error('verdict and exit code differ');
  return said;
}

function compare(what, bytes, trust) {
  const said = ask(bytes, trust);
  const ours = said.failures
    .filter(({ check, reason }) => !NOT_JUDGED.has(check) && !LEFT_OUT.test(reason))
    .map(({ check, op }) => `${check} ${op ?? ''}`).sort();
  const verdict = judgeEvidence(bytes);
  const theirs = verdict.failures.sort();
  counts.files++;
  // Behind damage each looks for the next value in its own way.
  const isSame = verdict.isDamaged ? said.checks.form.failed > 0
    : ours.join('\n') === theirs.join('\n');
  counts[verdict.isDamaged ? 'damaged' : verdict.holds ? 'held' : 'failed']++;
  if (isSame) return verdict;
  counts.disagreements++;
  console.log(`disagreement: ${what}\n  fengqiao:\n    ${ours.join('\n    ')}`);
  console.log(`  verifier${verdict.isDamaged ? ' (damaged)' : ''}:\n    ${theirs.join('\n    ')}`);
  return verdict;
}

const samples = [makeSample(), makeSample('odd')];
for (const [i, { bytes, trust }] of samples.entries()) {
  const holds = compare(`sample ${i}`, bytes, trust).holds;
  if (holds !== (i === 0) || (ask(bytes, trust).verdict === 'holds') !== holds) {
    console.log(`sample ${i} ${holds ? 'holds' : 'fails'}`);
    counts.disagreements++;
  }
}
for (const [i, { bytes, trust }] of samples.entries()) {
  for (const { what, bytes: mutated } of mutateFile(bytes, MUTATIONS / 2, new Dice(SEED))) {
    compare(`sample ${i}, ${what}`, mutated, trust);
  }
}
console.log(`seed ${SEED}`, JSON.stringify(counts));
process.exitCode = counts.disagreements === 0 ? 0 : 1;
