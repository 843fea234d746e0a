import { createBooks } from './books.ts';
import { callFor, resume, waitFor } from './calls.ts';
import { readWithout, type Without } from './evils.ts';
import { baseOf, type History } from './notes.ts';
import { type Asked, makePlan, type Plan } from './plan.ts';
import { createRandom } from './random.ts';
import { settle } from './settle.ts';
import { inVirtualTime, pause } from './virtual-time.ts';
import { watchLedger } from './watched-ledger.ts';
import { awaitComebacks, noteDown, openWorld, type Place, placeOf, processOf, type World } from './world.ts';

export interface Played {
  readonly history: History;
  /** What the hosts were asked, and what they did. */
  readonly counts: Readonly<Record<string, number>>;
}

/** One history from its seed: calls, deaths and resumes under faults, then a calm in which everybody tries once more. */
export function playHistory(seed: number, without: Without = readWithout()): Promise<Played> {
  return inVirtualTime(createRandom(seed ^ 0xc4a9ce), async (clock) => {
    const world = openWorld(makePlan(seed, without), clock, recover);
    const { plan, adversary } = world;
    await firstCalls(world);
    for (const round of plan.rounds) {
      await pause(round.after);
      // What a call gave back last may have been the end of its process, and nobody reads the disk of the dead.
      await awaitComebacks(world);
      if (round.human) await askHuman(world);
      await resumeAll(world, round.atOnce);
      await awaitComebacks(world);
    }
    await calmDown(world);
    return { history: await noteDown(world), counts: adversary.counts };
  });
}

async function firstCalls(world: World): Promise<void> {
  await Promise.all(
    world.plan.requests.map(async (request) => {
      await pause(request.startAt);
      await ask(world, request);
    }),
  );
  await awaitComebacks(world);
}

/** Makes the call that the plan asks for. The caller of a process that is dead just now does not call. */
async function ask(world: World, request: Asked): Promise<void> {
  const process = processOf(world, request.process);
  if (process.isDead()) return;
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('aborted by the client'));
  if (request.abort && 'effect' in request.abort) process.atEffect(request.abort.effect, abort);
  if (request.abort && 'after' in request.abort) setTimeout(abort, request.abort.after);
  await callFor(world.book, process, request, controller.signal);
}

/** What a process does that comes back: it resumes, asks again for what it had asked for, or both at once. */
async function recover(world: World, nth: number): Promise<void> {
  const { plan, random, book } = world;
  const again = plan.requests
    .filter(({ process }) => process === nth)
    .map((request) => ({ ...request, abort: undefined }));
  const how = random.pick(['resume', 'resume', 'ask', 'both'] as const);
  const both = how === 'both' && !plan.without.has('two resumes');
  const timeout = random.pick([20_000, 120_000]);
  await Promise.all([
    ...(how !== 'ask' ? [resume(book, processOf(world, nth), modelOf(plan), timeout)] : []),
    ...(how === 'ask' || both ? again.map((request) => ask(world, request)) : []),
  ]);
}

const modelOf = ({ requests }: Plan): string => requests[0]?.modelId ?? 'seedream-4';

async function resumeAll(world: World, atOnce: number): Promise<void> {
  const { plan, random, book } = world;
  const timeout = random.pick([20_000, 60_000, 150_000]);
  const shared = plan.ledgers === 'shared';
  const work = shared ? [random.between(0, plan.processes - 1)] : world.places.map((_, nth) => nth);
  await Promise.all(
    work.flatMap((nth) =>
      Array.from({ length: atOnce }, async (_, time) => {
        await pause(time * random.pick([0, 10, 3_000]));
        const other = shared ? (nth + time) % plan.processes : nth;
        await resume(book, processOf(world, other), modelOf(plan), timeout);
      }),
    ),
  );
  await waitForSubmitted(world, timeout);
}

async function waitForSubmitted({ plan, book, random, ...world }: World, timeout: number): Promise<void> {
  await Promise.all(
    plan.requests.map(async (request) => {
      const job = book.submitted.get(request.id);
      const process = world.processes[request.process];
      if (job && process && random.chance(0.3)) await waitFor(book, process, request, job, timeout);
    }),
  );
}

/** Somebody reads the host's page. */
async function askHuman(world: World): Promise<void> {
  for (const place of world.places) {
    const ids: string[] = [];
    for await (const { intent } of place.ledger.open()) ids.push(intent.id);
    for (const id of ids) if (world.random.chance(0.6)) await settleOne(world, place, id);
  }
}

/** Finds the job that the intent asked for and nobody has; now and then overlooks it. */
async function settleOne(world: World, { name, ledger }: Place, intentId: string): Promise<void> {
  const { random, humans, clock, plan, adversary, entries } = world;
  const books = createBooks(await noteDown(world));
  const free = adversary.jobs.filter(
    (job) => books.mayOwn(job).includes(`${name} ${intentId}`) && books.ownersOf(job.id).length === 0,
  );
  const [job] = random.chance(0.85) ? free : [];
  // Not one of the processes: a human does not die half way.
  const watched = watchLedger(
    ledger,
    (work) => work(),
    (facts) => entries.push({ ledger: name, client: 'human', at: clock.now(), ...facts }),
  );
  const way = { ledgerName: name, ledger: watched, modelId: modelOf(plan) };
  humans.push(...(await settle({ ...way, intentId, job, at: clock.now() })));
}

/** Everything late has happened; the hosts do as their pages say, and whoever is alive tries to finish everything. */
async function calmDown(world: World): Promise<void> {
  const { adversary, plan, book } = world;
  await pause(15 * 60_000);
  await awaitComebacks(world);
  world.isCalm = true;
  book.keepsAll = true;
  adversary.calm();
  for (const [nth] of world.places.entries()) await resume(book, processOf(world, nth), modelOf(plan), 150_000);
  const history = await noteDown(world);
  // What is closed and was never seen is asked for again by its id: it is there, and costs nothing.
  for (const request of plan.requests) {
    const again = { ...request, kind: 'generate', deliver: true, abort: undefined, timeout: 120_000 } as const;
    if (isMissing(history, `${placeOf(world, request.process).name} ${request.id}`)) await ask(world, again);
  }
}

function isMissing(history: History, intent: string): boolean {
  const books = createBooks(history);
  return history.jobs.some(({ id, kept, completes }) => {
    const closed = books.ownersOf(id).some((each) => baseOf(each) === intent && !history.open.includes(each));
    return kept && completes && closed && !books.delivered(id);
  });
}
