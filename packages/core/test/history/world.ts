import { createMemoryLedger, type Ledger } from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';
import { type Adversary, createAdversary } from './adversary.ts';
import type { Book } from './calls.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';
import type { History, HumanNote, LedgerNote } from './notes.ts';
import { type Death, describePlan, type Plan, seeds } from './plan.ts';
import { type Process, startProcess } from './process.ts';
import { createRandom, type Random } from './random.ts';
import { type Clock, pause } from './virtual-time.ts';

/** Everything that is going on in one history. */
export interface World {
  readonly plan: Plan;
  readonly random: Random;
  readonly clock: Clock;
  readonly adversary: Adversary;
  readonly book: Book;
  readonly entries: LedgerNote[];
  readonly humans: HumanNote[];
  readonly crashes: { client: string; at: number }[];
  readonly places: readonly Place[];
  readonly lives: number[];
  readonly processes: Process[];
  /** Processes that died and are on their way back. */
  readonly comebacks: Promise<void>[];
  isCalm: boolean;
}

/** Where a ledger is, through the deaths of those who write to it. */
export interface Place {
  readonly name: string;
  ledger: Ledger;
  readonly disk: MemoryDisk | undefined;
}

/** What a process does when it is there again. */
export type Recover = (world: World, nth: number) => Promise<void>;

export function openWorld(plan: Plan, clock: Clock, recover: Recover): World {
  const { seed, processes, ledgers } = plan;
  const random = createRandom(seed ^ 0x5eed);
  const names = ledgers === 'shared' ? ['ledger'] : Array.from({ length: processes }, (_, nth) => `ledger${nth}`);
  const entries: LedgerNote[] = [];
  const world: World = {
    ...{ plan, random, clock, entries },
    adversary: openHosts(plan, clock, entries),
    book: { random, clock, calls: [], told: [], deliveries: [], submitted: new Map(), keepsAll: false },
    ...{ humans: [], crashes: [], lives: Array.from({ length: processes }, () => 0), processes: [] },
    ...{ comebacks: [], isCalm: false },
    places: names.map((name) => openPlace(name, ledgers === 'file')),
  };
  for (let nth = 0; nth < processes; nth += 1) start(world, nth, recover);
  return world;
}

function openHosts(plan: Plan, { epoch, now }: Clock, entries: readonly LedgerNote[]): Adversary {
  const { seed, mischief, strangers, tellsInputs, skew, exclusive, without, deaths } = plan;
  return createAdversary({
    ...{ random: createRandom(seed ^ 0xad), epoch, now, mischief, strangers, tellsInputs, skew, without },
    // With `n` every further picture has the next seed.
    seeds: [...seeds, ...seeds.map((each) => each + 1)],
    strangersEqual: !exclusive && !without.has('equal strangers'),
    // Where a clock was set meanwhile nobody can say what is older than a send.
    oldEqual: !without.has('old jobs') && deaths.every(({ clockJump }) => clockJump === 0),
    taken: (name) =>
      entries.flatMap(({ ledger, type, job }) => (ledger === name && type === 'accepted' && job ? [job] : [])),
  });
}

function openPlace(name: string, onDisk: boolean): Place {
  const disk = onDisk ? createMemoryDisk() : undefined;
  return { name, disk, ledger: disk ? openFile(name, disk) : createMemoryLedger() };
}

const openFile = (name: string, disk: MemoryDisk): Ledger => createFileLedger(`/${name}.jsonl`, { io: disk.mount() });

export function placeOf({ places }: World, process: number): Place {
  const place = places[process] ?? places[0];
  if (!place) throw new TypeError('there is no ledger');
  return place;
}

export function processOf({ processes }: World, nth: number): Process {
  const process = processes[nth];
  if (!process) throw new TypeError(`there is no process ${nth}`);
  return process;
}

function start(world: World, nth: number, recover: Recover): void {
  const { plan, random, clock, adversary, entries, lives, processes } = world;
  const life = (lives[nth] ?? 0) + 1;
  lives[nth] = life;
  const { name, ledger } = placeOf(world, nth);
  const { exclusive, slowLedger } = plan;
  const process = startProcess({
    ...{ name: `p${nth}.${life}`, ledgerName: name, ledger, adversary, exclusive, slowLedger, random, clock },
    note: (entry) => entries.push(entry),
  });
  processes[nth] = process;
  const death = plan.deaths.filter((each) => each.process === nth)[life - 1];
  if (!death) return;
  process.atEffect(death.effect, () => {
    if (world.isCalm || process.isDead()) return;
    process.die();
    world.comebacks.push(comeBack(world, nth, death, recover));
  });
}

/** The process is gone; after a while there is another one in its place, which tries to finish its work. */
async function comeBack(world: World, nth: number, death: Death, recover: Recover): Promise<void> {
  const place = placeOf(world, nth);
  world.crashes.push({ client: processOf(world, nth).name, at: world.clock.now() });
  place.disk?.crash();
  await pause(death.restartAfter);
  if (death.clockJump !== 0) world.clock.jump(death.clockJump);
  if (place.disk) place.ledger = openFile(place.name, place.disk);
  start(world, nth, recover);
  await recover(world, nth);
}

export async function awaitComebacks({ comebacks }: World): Promise<void> {
  for (let next = comebacks.shift(); next; next = comebacks.shift()) await next;
}

/** The history so far, for whoever judges it. */
export async function noteDown(world: World): Promise<History> {
  const { plan, adversary, book, entries, humans, crashes, places } = world;
  const open: string[] = [];
  for (const { name, ledger } of places)
    for await (const { intent } of ledger.open()) open.push(`${name} ${intent.id}`);
  const { seed, requests, deaths } = plan;
  // Where a clock was set meanwhile nobody can say what is newer than a send.
  const lists = deaths.every(({ clockJump }) => clockJump === 0);
  const nameable = (['wavespeed', 'apiframe'] as const).filter((host) => {
    return lists && (host === 'wavespeed' || plan.tellsInputs);
  });
  const intents = requests.map(({ id, process, proceed }) => {
    return { id, proceeds: proceed, ledger: placeOf(world, process).name };
  });
  const { submits, jobs } = adversary;
  const { calls, told, deliveries } = book;
  const kept = { intents, submits, jobs, entries, calls, told, deliveries, humans, crashes, open };
  return { seed, setting: describePlan(plan), nameable, ...kept };
}
