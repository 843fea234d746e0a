import type { LedgerRecord } from '../../src/ledger/facts.ts';
import { isCharged, isSame, type Machine, outsider, provider } from './machine.ts';
import { listedFor, offsetOf, rivalsBefore } from './search.ts';
import { jobStates, type Ref, submitStates, type World } from './types.ts';

/** Why a state of the world breaks a promise, or undefined. */
export function check(machine: Machine, world: World): string | undefined {
  if (world.bad) return world.bad;
  return checkMoney(machine, world) ?? (isAtRest(world) ? checkHomes(machine, world) : undefined);
}

const ownersOf = ({ hasJob }: Machine, world: World, id: string): number[] =>
  world.records.flatMap(({ value }, intent) => (hasJob(value, id) ? [intent] : []));

/** Each intent is charged once, and never after it was told that it was not. */
function checkMoney(machine: Machine, world: World): string | undefined {
  const costs = world.records.map(() => 0);
  for (const [at, wire] of world.wires.entries()) {
    if (!isCharged(wire)) continue;
    const owners = ownersOf(machine, world, `j${at}`);
    for (const intent of owners.length > 0 ? owners : [wire.maker]) {
      if (intent === outsider) continue;
      costs[intent] = (costs[intent] ?? 0) + 1;
      if (((world.free[intent] ?? 0) & (1 << at)) !== 0) return "told 'no', and it is charged";
    }
  }
  const isTwice = costs.some((cost, intent) => cost > 1 + (world.allowed[intent] ?? 0));
  return isTwice ? 'two charges for one intent' : undefined;
}

/** Nobody works, nothing is under way, every job has ended and is listed. */
export const isAtRest = ({ processes, wires }: World): boolean =>
  processes.every(({ on, behind }) => !on && behind.length === 0) &&
  wires.every(
    ({ submit, job, listed, reverses }) =>
      submit !== submitStates.out && job !== jobStates.running && (job === jobStates.none || listed > 0) && !reverses,
  );

/** A charged job has an owner, or whoever is in doubt still finds it. */
function checkHomes(machine: Machine, world: World): string | undefined {
  for (const [at, wire] of world.wires.entries()) {
    if (!isCharged(wire) || wire.intent === outsider || wire.maker === outsider) continue;
    if (ownersOf(machine, world, `j${at}`).length > 0) continue;
    if (!world.records.some((_, intent) => isFoundBy(machine, world, intent, `j${at}`)))
      return "a charged job is in nobody's hands";
  }
  return checkCounts(machine, world);
}

/** Without a list nobody can find it: it must at least be on the books of the intent that made it. */
function isFoundBy(machine: Machine, world: World, intent: number, id: string): boolean {
  const { rules, fold, isOpen, setting, isNear } = machine;
  const record = world.records[intent] as Ref<LedgerRecord>;
  const wire = world.wires[Number(id.slice(1))];
  if (!wire || !isNear(intent, wire.intent)) return false;
  const state = fold(record);
  const isAbsent = state.sends.some(({ absent, end }) => absent && !end);
  if (!isOpen(record) && !isAbsent) return false;
  if (setting.lists === false) return intent === wire.intent && rules.state.billedOf(state) !== 'no';
  const before = rivalsBefore(machine, world, intent, state);
  const listed = listedFor(machine, world, state, before).flatMap((each) => machine.snapshotOf(world, each) ?? []);
  const open = rules.adoption.openSends(state, provider);
  const isMarked = open.marked.some((send) => listed.some((each) => each.id === id && isSame(each, send.fact.request)));
  const recent = rules.adoption.recentJobs(listed, open, before, offsetOf(machine));
  if (isMarked || recent.some((each) => each.id === id)) return true;
  // A send that a person called absent stays on the books: a person finds its job by its words.
  const words = wire.mark ? `${wire.words}+${wire.mark}` : wire.words;
  return isAbsent && state.sends.some(({ fact, absent, end }) => absent && !end && fact.words === words);
}

/** Who took the other's job by count must leave it one. */
function checkCounts(machine: Machine, world: World): string | undefined {
  for (const given of world.swapped) {
    const wire = world.wires[given];
    if (!wire || wire.job !== jobStates.none || wire.maker === outsider) continue;
    const record = world.records[wire.maker];
    if (record && !machine.fold(record).jobs.length) return "has the other's job, and the other has none";
  }
  return undefined;
}

/** A state from which nothing more happens must be an end. */
export function checkEnd(machine: Machine, world: World): string | undefined {
  if (world.processes.some(({ on }) => on)) return 'a process waits for ever';
  for (const [intent, { held }] of world.holds.entries()) {
    if (held && world.claims > 0 && !machine.setting.steal) return `intent ${intent} is held by nobody`;
  }
  return undefined;
}

export const providerName = provider;
