import type { Billed } from '../../src/contract/result.ts';
import type { LedgerRecord } from '../../src/ledger/facts.ts';
import type { Ending, Fact, IntentState } from '../../src/ledger/state.ts';
import type { Step } from '../../src/picture/next.ts';
import type { Known } from '../../src/picture/writing.ts';
import { isCharged, jobOf, type Machine, stop } from './machine.ts';
import type { Op, Process, Ref, World } from './types.ts';

/** What a process does between two effects: nothing of it can be seen, interrupted or lost. */
export function settle(machine: Machine, world: World, index: number): void {
  const process = world.processes[index] as Process;
  while (process.on && !world.bad) {
    const [first, ...rest] = process.todo;
    if (!first) plan(machine, world, index);
    else if (!isInstant(process, first.value)) return;
    else {
      process.todo = rest;
      instantly(machine, world, index, first.value);
    }
  }
}

export const isInterrupted = ({ late, aborted }: Process): boolean => late || aborted;

function isInstant(process: Process, op: Op): boolean {
  if (op.op === 'learn') return op.quiet ? false : process.replayed || isInterrupted(process) || isVolatile(op.fact);
  return op.op === 'close' || op.op === 'fail' || op.op === 'tell' || op.op === 'end';
}

const isVolatile = ({ type }: Fact): boolean =>
  ['asking', 'reopened', 'resumed', 'looked_up', 'declined', 'unanswered', 'answered'].includes(type);

export const first = ({ intern }: Machine, process: Process, ...ops: readonly Op[]): void => {
  process.todo = [...ops.map((op) => intern(op)), ...process.todo];
};

function instantly(machine: Machine, world: World, index: number, op: Op): void {
  const process = world.processes[index] as Process;
  const { writing } = machine.rules;
  const known = knownOf(process);
  switch (op.op) {
    case 'learn':
      if (!isVolatile(op.fact) && !process.replayed) behind(machine, process, op.fact);
      count(machine, process, op.fact);
      return;
    case 'close': {
      const job = writing.toSettle(known.state, op.ending);
      if (!job) return;
      const isRefundDue = job.snapshot?.refund === 'pending';
      const facts = { at: 0, cost: { source: 'unknown' }, isRefundDue } as const;
      first(machine, process, { op: 'learn', fact: writing.settledAs(known.state, job, op.ending, facts) });
      return;
    }
    case 'fail':
      if (gaveUpUnseen(machine, process, op.ending)) world.bad = 'gives up what may be paid without a search';
      fail(machine, process, op.ending);
      return;
    case 'tell':
      tell(machine, world, index, op.billed ?? billedNow(machine, process, op.ending));
      return;
    case 'end':
      end(machine, world, index);
      return;
  }
}

/** A fact that counts in this process, whatever became of its write. */
export function count({ reduce }: Machine, process: Process, fact: Fact): void {
  process.state = reduce(process.state, fact);
}

/** A write that is not waited for. */
export function behind({ intern }: Machine, process: Process, fact: Fact, chained = false): void {
  const { ending: _, ...event } = fact as Fact & { ending?: Ending };
  const { fence, length } = process;
  const write = { event, fence, length, ...(chained ? { chained } : {}) };
  process.behind = [...process.behind, intern(write as never)];
  process.length = -1;
}

/** After a `sending` that may or may not have been written: nothing was sent, and that is written down. */
export function undo(machine: Machine, process: Process, send: string): void {
  process.undoing = true;
  const isFree = machine.rules.state.billedOf(process.state.value) === 'no';
  process.length = -1;
  behind(machine, process, { type: 'unsent', at: 0, send }, true);
  if (isFree) behind(machine, process, { type: 'delivered', at: 0 }, true);
  process.todo = [];
}

/** A run that had time and a list, and did not look. */
const gaveUpUnseen = ({ setting, rules }: Machine, process: Process, { code }: Ending): boolean => {
  const { state, late, candidates } = process;
  const isBlind = setting.lists === false || late || candidates !== '';
  return (
    !isBlind &&
    code === 'submission_unknown' &&
    state.value.searches === 0 &&
    rules.state.inDoubt(state.value).length > 0
  );
};

function fail(machine: Machine, process: Process, ending: Ending): void {
  const { writing, state } = machine.rules;
  const known = knownOf(process);
  const billed = writing.billedAtEnd(known, ending);
  const job = billed === 'no' ? undefined : state.currentJob(known.state)?.job;
  const isResumable = billed === 'yes' && job !== undefined && !isFinal(ending);
  const closes = writing.closesAtEnd({ billed, resumable: isResumable }, known.lost, process.undoing);
  const ops: Op[] = closes ? [{ op: 'learn', fact: { type: 'delivered', at: 0 } }] : [];
  first(machine, process, ...ops, { op: 'tell', ending }, { op: 'end' });
}

const isFinal = ({ code }: Ending): boolean => ['moderated', 'job_failed', 'result_expired'].includes(code);

const billedNow = ({ rules: { writing } }: Machine, process: Process, ending: Ending | undefined): Billed =>
  ending ? writing.billedAtEnd(knownOf(process), ending) : writing.billedBy(knownOf(process));

/** What is said to the caller: compared with what the host did, now and later. */
function tell({ setting, rules }: Machine, world: World, index: number, billed: Billed): void {
  const process = world.processes[index] as Process;
  const intent = setting.processes[index] as number;
  if (billed === 'no') {
    for (const [at, wire] of world.wires.entries())
      if (wire.maker === intent) world.free[intent] = (world.free[intent] ?? 0) | (1 << at);
  }
  if (billed !== 'yes') return;
  // A job of which nothing bad is known yet may have failed meanwhile: it was charged.
  const isTrue = process.state.value.jobs.some((each) => {
    const wire = world.wires[Number(each.job.id.slice(1))];
    return wire && (isCharged(wire) || (wire.job > 0 && !rules.state.hasFailed(each)));
  });
  if (!isTrue) world.bad = "told 'yes', and no job of it is charged";
}

/** Gives the intent back once everything is written. */
export function end(machine: Machine, world: World, index: number): void {
  const process = world.processes[index] as Process;
  const release = `${index}.${process.run}`;
  const hold = world.holds[machine.setting.processes[index] as number];
  if (process.behind.length === 0) {
    if (hold?.owner === release) Object.assign(hold, { owner: '', held: false });
    stop(machine, process);
    return;
  }
  process.behind = [...process.behind, machine.intern({ release, fence: process.fence, length: -1 })];
  stop(machine, process);
}

/** Asks the real policy what comes next. */
function plan(machine: Machine, world: World, index: number): void {
  const { rules, setting, idempotency, clock } = machine;
  const process = world.processes[index] as Process;
  const state = process.state.value;
  if (process.aborted) {
    abandon(machine, process);
    return;
  }
  const step = rules.policy.next(state, {
    models: setting.models ?? 1,
    keyIsGood: rules.writing.isKeyGood(state, idempotency, clock(world)),
    lists: setting.lists !== false,
    mayRepeat: true,
    proceed: setting.proceed ?? false,
    sends: !process.refunds,
    looksOnly: process.refunds,
    remaining: process.late ? 0 : (setting.remaining ?? 6_000),
    jitter: 0,
  });
  if (process.refunds && (step.do === 'submit' || step.do === 'repeat')) world.bad = 'a check for a refund submits';
  if (step.do === 'submit' && rules.state.billedOf(state) === 'unknown' && setting.proceed) {
    const intent = setting.processes[index] as number;
    world.allowed[intent] = (world.allowed[intent] ?? 0) + 1;
  }
  first(machine, process, ...opsOf(machine, process, step));
}

export function abandon(machine: Machine, process: Process): void {
  const billed = machine.rules.writing.billedBy(knownOf(process));
  const closes = billed === 'no' && !process.undoing && !process.replayed;
  const quiet: Op[] = closes ? [{ op: 'learn', fact: { type: 'delivered', at: 0 }, quiet: true }] : [];
  first(machine, process, ...quiet, { op: 'tell' }, { op: 'end' });
}

/** As `knownOf` of `picture/project.ts`: the clock of a process says when its lease is over. */
const knownOf = ({ state, lost, expired }: Process): Known => ({ state: state.value, lost: lost || expired });

function opsOf({ setting }: Machine, process: Process, step: Step): Op[] {
  switch (step.do) {
    case 'fail':
      return [
        { op: 'close', ending: step.ending },
        { op: 'fail', ending: step.ending },
      ];
    case 'deliver': {
      const jobId = step.job.job.id;
      const facts = { at: 0, outcome: 'completed', billed: 'yes', cost: { source: 'unknown' }, urls: [] } as const;
      return [
        { op: 'learn', fact: { type: 'settled', ...facts, jobId } },
        { op: 'deliver', job: jobId },
      ];
    }
    case 'poll':
      return [{ op: 'poll', job: step.job.job.id }];
    case 'submit': {
      const { because, model } = step;
      const asking: Op = { op: 'learn', fact: { type: 'asking', model, ...(because ? { because } : {}) } };
      return [...(because ? [{ op: 'close', ending: because } as const] : []), asking, { op: 'write', repeat: false }];
    }
    case 'repeat':
      return [{ op: 'write', repeat: true }];
    case 'search': {
      const lookup: Op[] = process.state.value.salvaged === undefined ? [] : [{ op: 'lookup' }];
      if (!step.list) return lookup;
      return setting.fine ? [...lookup, { op: 'rivals' }] : [...lookup, { op: 'list' }];
    }
    case 'park': {
      const candidates = process.candidates ? process.candidates.split(' ').map(candidate) : [];
      return [{ op: 'learn', fact: { type: 'unknown', at: 0, candidates } }];
    }
  }
}

const candidate = (id: string) => ({ provider: 'host', modelId: 'm0', id });

/** A process takes an intent up. */
export function takeUp(machine: Machine, world: World, index: number, refunds: boolean): void {
  const { rules, reduce, intern, setting } = machine;
  const process = world.processes[index] as Process;
  const intent = setting.processes[index] as number;
  const record = world.records[intent] as Ref<LedgerRecord>;
  const { state, replayed, sending } = rules.writing.takenUp(record.value, refunds);
  const model = sending ? Number(sending.target.modelId.slice(1)) : 0;
  process.state = reduce(intern<IntentState>(state), { type: 'resumed', model });
  Object.assign(process, { on: true, length: record.value.events.length, replayed, refunds });
}

/** The picture is in the caller's hands. */
export function handOver(machine: Machine, world: World, index: number, id: string): void {
  const process = world.processes[index] as Process;
  const intent = machine.setting.processes[index] as number;
  const bit = 1 << Number(id.slice(1));
  if (world.got.some((each, other) => other !== intent && (each & bit) !== 0))
    world.bad = 'two callers have one picture';
  world.got[intent] = (world.got[intent] ?? 0) | bit;
  if (jobOf(process.state.value, id)?.snapshot?.state !== 'completed') world.bad = 'delivered without a picture';
  const learned: Op = { op: 'learn', fact: { type: 'delivered', at: 0 } };
  first(machine, process, learned, { op: 'tell', billed: 'yes' }, { op: 'end' });
}
