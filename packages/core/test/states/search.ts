import type { JobSnapshot } from '../../src/contract/adapter.ts';
import type { LedgerRecord } from '../../src/ledger/facts.ts';
import type { Fact, IntentState, SendState } from '../../src/ledger/state.ts';
import { type StepOf, seen } from './answers.ts';
import { go, type Next } from './host.ts';
import { isSame, type Machine, provider } from './machine.ts';
import { first, settle } from './process.ts';
import { jobStates, type Op, type Process, type Ref, type World } from './types.ts';

/** The search of `picture/search.ts`, one read after the other, with the real judgement. */
export function* searchSteps(machine: Machine, world: World, index: number, op: Op, step: StepOf): Generator<Next> {
  switch (op.op) {
    case 'lookup':
      yield* lookUp(machine, world, index, step);
      return;
    case 'rivals':
      yield step('reads who else is in doubt', (after, process) => {
        process.before = readBefore(machine, after, index, process);
        first(machine, process, { op: 'list' });
      });
      return;
    case 'list':
      yield step('reads the list', (after, process) => {
        if (!machine.setting.fine) process.before = readBefore(machine, after, index, process);
        process.listed = readList(machine, after, process);
        first(machine, process, { op: machine.setting.fine ? 'owners' : 'decide' });
      });
      return;
    case 'owners':
      yield step('reads who owns them', (after, process) => {
        process.listed = freeOf(machine, after, index, process.listed);
        first(machine, process, { op: 'decide' });
      });
      return;
    default:
      yield go(world, `p${index} decides what it takes`, (after) => {
        const process = after.processes[index] as Process;
        process.todo = process.todo.slice(1);
        decide(machine, after, index);
        settle(machine, after, index);
      });
  }
}

const recordsIn = ({ isNear }: Machine, world: World, intent: number): LedgerRecord[] =>
  world.records.filter((_, other) => isNear(other, intent)).map(({ value }) => value);

/** What `find({ words })` of a ledger answers. */
const found = (machine: Machine, world: World, intent: number, { fact }: SendState): LedgerRecord[] =>
  recordsIn(machine, world, intent).filter(({ events }) =>
    events.some((event) => event.type === 'sending' && event.words === fact.words),
  );

/** By our clock. */
export const rivalsBefore = (machine: Machine, world: World, intent: number, state: IntentState): SendState[] => {
  const { plain } = machine.rules.adoption.openSends(state, provider);
  return plain ? machine.rules.adoption.rivalsOf(found(machine, world, intent, plain), plain) : [];
};

const readBefore = (machine: Machine, world: World, index: number, { state }: Process): number =>
  machine.intern(rivalsBefore(machine, world, machine.setting.processes[index] as number, state.value)).id;

function readList(machine: Machine, world: World, { before, state }: Process): string[] {
  return listedFor(machine, world, state.value, machine.at<SendState[]>(before).value);
}

/** Listed jobs that read like one of the open sends, page after page. */
export function listedFor(machine: Machine, world: World, state: IntentState, before: readonly SendState[]): string[] {
  const { rules, snapshotOf } = machine;
  const { adoption } = rules;
  const open = adoption.openSends(state, provider);
  const oldest = adoption.oldestSend(open, before) + offsetOf(machine);
  const young: JobSnapshot = { id: 'young', state: 'queued', outputs: [], createdAt: new Date(8e12).toISOString() };
  const pages = adoption.readsOn(1, 'next', young, oldest - 300_000) ? 2 : 1;
  return world.wires.flatMap(({ job, listed }, at) => {
    const snapshot = snapshotOf(world, `j${at}`);
    if (job === jobStates.none || listed === 0 || listed > pages || !snapshot) return [];
    return adoption.isAlike(snapshot, open.all, isSame) === true ? [`j${at}`] : [];
  });
}

/** By how much the host's clock is ahead, as its answers have shown. */
export const offsetOf = ({ setting, lacks }: Machine): number =>
  lacks("the host's clock dates the list") ? 0 : -(setting.skew ?? 0);

const freeOf = (machine: Machine, world: World, index: number, ids: readonly string[]): string[] =>
  ids.filter((id) => machine.ownerOf(world, id, machine.setting.processes[index] as number) < 0);

function decide(machine: Machine, world: World, index: number): void {
  const { rules, setting } = machine;
  const process = world.processes[index] as Process;
  const intent = setting.processes[index] as number;
  const open = rules.adoption.openSends(process.state.value, provider);
  const ids = setting.fine ? process.listed : freeOf(machine, world, index, process.listed);
  const free = ids.flatMap((id) => machine.snapshotOf(world, id) ?? []);
  const before = machine.at<SendState[]>(process.before).value;
  const recent = rules.adoption.recentJobs(free, open, before, offsetOf(machine));
  Object.assign(process, { listed: [], before: -1 });
  const { plain } = open;
  const isEarly = machine.lacks('owners and sends are read after the list');
  const later = plain ? rules.adoption.rivalsOf(found(machine, world, intent, plain), plain) : [];
  const rivals = isEarly ? before : later;
  const counts = setting.exclusive || machine.lacks('adoption by count needs `exclusive`');
  const marked = rules.adoption.takeByMark(open, free, isSame);
  const taken = marked ?? (plain && counts ? rules.adoption.takeByCount(plain, recent, rivals, isSame) : undefined);
  if (!marked) process.candidates = recent.map(({ id }) => id).join(' ');
  if (taken) {
    seen(machine, world, Number(taken.job.id?.slice(1)));
    adopt(machine, process, taken.send, taken.job, taken.proof);
    return;
  }
  first(machine, process, { op: 'learn', fact: { type: 'searched', at: 0 } });
}

function adopt(
  machine: Machine,
  process: Process,
  { fact, token }: SendState,
  snapshot: JobSnapshot,
  proof: 'answer' | 'mark' | 'count',
): void {
  const job = machine.rules.reading.toJob(fact, snapshot.id ?? '');
  const facts: Fact[] = [
    { type: 'accepted', at: 0, job, send: token, proof },
    { type: 'answered', jobId: job.id, snapshot },
  ];
  first(machine, process, ...facts.map((each) => ({ op: 'learn', fact: each }) as const));
}

/** An id that came beside an error is looked up. */
function* lookUp(machine: Machine, world: World, index: number, step: StepOf): Generator<Next> {
  const { rules } = machine;
  const state = (world.processes[index] as Process).state.value;
  const id = state.salvaged;
  const send = rules.state.inDoubt(state, state.attempts).at(-1);
  const isLast = (world.processes[index] as Process).todo.length === 1;
  if (id === undefined || !send) {
    yield step('has nothing to look up', () => undefined);
    return;
  }
  const snapshot = machine.snapshotOf(world, id);
  const heard = { snapshot, status: snapshot ? 200 : 404 };
  const verdict = rules.adoption.readLookUp({ id, send, ...heard, isSame });
  const next = (name: string, ending: typeof verdict): Next =>
    step(`looks up ${id}: ${name}`, (after, process) => {
      const isFree = machine.ownerOf(after, id, machine.setting.processes[index] as number) < 0;
      if (ending === 'ours' && snapshot && isFree) {
        process.todo = [];
        seen(machine, after, Number(id.slice(1)));
        adopt(machine, process, send, snapshot, 'answer');
        return;
      }
      if (!isLast) return;
      const isGone = ending !== 'unclear';
      const fact: Fact = isGone ? rules.adoption.refusalAfterLookUp(process.state.value, 0) : { type: 'looked_up' };
      first(machine, process, { op: 'learn', fact });
    });
  yield next(snapshot ? 'a job' : 'no such job', verdict);
  yield next('no answer', 'unclear');
}

export type RecordRef = Ref<LedgerRecord>;
