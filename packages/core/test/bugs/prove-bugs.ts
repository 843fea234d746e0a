// Plants bugs, one at a time, in a copy of the workspace and runs the quick tests against each. Ends with 1 if one is
// not noticed that survivors.ts does not know.
//
//   npm run prove:bugs [-- part of an id]           the list of bugs.ts
//   npm run prove:bugs -- --sample 100 --seed 7     so many mutants of engine, ledger and adapters, drawn by the seed
//   npm run prove:bugs -- --all                     every mutant: hours
//   npm run prove:bugs -- --only ledger/rules.ts    the mutants of the files whose path holds this
//   npm run prove:bugs -- --list --sample 100       first the list, then mutants
//   … --jobs 2 --minutes 25                         two copies at once; ends after so many minutes
//   … --sound                                       it is known that the tests pass without a bug
import { parseArgs } from 'node:util';
import { bugs, plantOf } from './bugs.ts';
import { type Copy, createCopy, type Verdict } from './copy.ts';
import { type Mutant, mutantsOf, mutatedFiles, sample } from './mutants.ts';
import type { Plant } from './plant.ts';
import { knownSurvivor } from './survivors.ts';
import { createTestOrder, isTimed } from './tests.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '7' },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    sound: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    minutes: { type: 'string' },
  },
});
const isSystematic = values.all || values.sample !== undefined || values.only !== undefined;

/** Whether its id holds one of the texts that were given. */
function isAsked({ id }: { readonly id: string }): boolean {
  return positionals.length === 0 || positionals.some((part) => id.includes(part));
}

function chosenMutants(): Mutant[] {
  const files = mutatedFiles().filter((file) => file.includes(values.only ?? ''));
  const mutants = files.flatMap(mutantsOf).filter(isAsked);
  return sample(mutants, values.sample === undefined ? mutants.length : Number(values.sample), Number(values.seed));
}

interface Task {
  readonly plant: Plant;
  readonly file: string;
  /** The test that is known to notice it. */
  readonly by?: string;
}

const listed = bugs
  .filter(isAsked)
  .map((bug): Task => ({ plant: plantOf(bug), file: bug.edits[0]?.[0] ?? '', by: bug.by }));
const mutants = isSystematic ? chosenMutants().map((plant): Task => ({ plant, file: plant.file })) : [];
const tasks = isSystematic && !values.list ? mutants : [...listed, ...mutants];
/** A bug is noticed in one of the first random worlds or in none. */
const fewer = { IMAGEPORT_HISTORY_COUNT: '50', IMAGEPORT_PROVE_SCALE: '1' };
const order = createTestOrder();
const patience = 90_000;
const end = values.minutes === undefined ? Infinity : performance.now() + Number(values.minutes) * 60_000;
const copies = Array.from({ length: Number(values.jobs) }, createCopy);
process.on('exit', () => {
  for (const copy of copies) copy.remove();
});

// What fails without a bug would catch every one of them.
if (!values.sound)
  await Promise.all(
    copies.map((copy, nth) =>
      checkSound(
        copy,
        order.all.filter((_, at) => at % copies.length === nth),
      ),
    ),
  );
order.keep();

async function checkSound(copy: Copy, tests: readonly string[]): Promise<void> {
  const verdict = await copy.run(undefined, { tests, patience: 2 * patience, onDone: order.took, env: fewer });
  if (!verdict.caught) return;
  const { file = '', by } = verdict;
  const again =
    file === '' ? verdict : await copy.run(undefined, { tests: [file], patience: 2 * patience, env: fewer });
  if (again.caught) throw new Error(`without any bug this fails: ${file}: ${by}`);
  await checkSound(copy, tests.slice(tests.indexOf(file) + 1));
}

const queue = [...tasks];
const survivors: Plant[] = [];
let [tried, caught, known] = [0, 0, 0];
await Promise.all(
  copies.map(async (copy) => {
    for (let task = queue.shift(); task && performance.now() < end; task = queue.shift()) await tryOut(copy, task);
  }),
);

async function tryOut(copy: Copy, { plant, file, by }: Task): Promise<void> {
  const first = by ? [`packages/${by}`] : [];
  const tests = [...new Set([...first, ...order.of(file)])];
  const verdict = await runTwice(copy, plant, tests);
  tried += 1;
  if (verdict.caught) {
    caught += 1;
    if (verdict.file) order.noticed(file, verdict.file);
    console.log(`caught    ${plant.id}  <  ${verdict.file ?? ''}: ${verdict.by}`);
    return;
  }
  const reason = knownSurvivor(plant.id);
  if (reason === undefined) survivors.push(plant);
  else known += 1;
  console.log(
    `${reason === undefined ? 'SURVIVED ' : 'survives '} ${plant.id}${reason === undefined ? '' : `  (${reason})`}`,
  );
}

/** What hangs on real time can fail for no other reason than a busy machine: then only the second failure counts. */
async function runTwice(copy: Copy, plant: Plant, tests: readonly string[]): Promise<Verdict> {
  const options = { patience, onDone: order.took, env: fewer };
  const verdict = await copy.run(plant, { ...options, tests });
  if (!verdict.caught || verdict.file === undefined || !isTimed(verdict.file)) return verdict;
  const again = await copy.run(plant, { ...options, tests: [verdict.file] });
  return again.caught ? again : runTwice(copy, plant, tests.slice(tests.indexOf(verdict.file) + 1));
}

const what = [
  ...(tasks.some(({ by }) => by !== undefined) ? ['bugs of the list'] : []),
  ...(isSystematic ? [`mutants (seed ${values.seed})`] : []),
];
console.log(
  `\n${tried} planted (${what.join(', ')}): ${caught} caught, ${known} survive with a reason, ${survivors.length} unknown`,
);
for (const { id } of survivors) console.log(`  ${id}`);
process.exitCode = survivors.length > 0 ? 1 : 0;
