import type { Fact, Sending } from '../../src/ledger/state.ts';
import { answer, pollSteps, type StepOf, waitSteps } from './answers.ts';
import { go, type Next } from './host.ts';
import { type Machine, newWire, outsider } from './machine.ts';
import { own } from './owners.ts';
import { abandon, count, end, first, handOver, isInterrupted, settle, undo } from './process.ts';
import { searchSteps } from './search.ts';
import { type Op, type Process, type Ref, submitStates, type Wire, type World } from './types.ts';

/** Everything that one running process may do next. */
export function* effects(machine: Machine, world: World, index: number): Generator<Next> {
  const process = world.processes[index] as Process;
  const [ref] = process.todo;
  if (!ref) return;
  const step = (name: string, change: (after: World, process: Process) => void): Next =>
    go(world, `p${index} ${name}`, (after) => {
      const mine = after.processes[index] as Process;
      mine.todo = mine.todo.slice(1);
      change(after, mine);
      settle(machine, after, index);
    });
  const op = ref.value;
  if (op.op === 'learn') yield* learnSteps(machine, world, index, op, step);
  else if (op.op === 'write') yield* writeSteps(machine, world, index, op, step);
  else if (op.op === 'bytes') yield* bytesSteps(machine, index, op, step);
  else if (op.op === 'wait') yield* waitSteps(machine, world, op, step);
  else if (op.op === 'poll') yield* pollSteps(machine, world, index, op.job, step);
  else if (op.op === 'deliver') yield step(`delivers ${op.job}`, (after) => handOver(machine, after, index, op.job));
  else yield* searchSteps(machine, world, index, op, step);
}

/** A durable fact is written and only then counts. */
function* learnSteps(
  machine: Machine,
  world: World,
  index: number,
  { fact, quiet, again }: Extract<Op, { op: 'learn' }>,
  step: StepOf,
): Generator<Next> {
  const name = fact.type === 'accepted' ? `accepted ${fact.job.id} (${fact.proof})` : fact.type;
  if (quiet) {
    yield step('closes the intent', (after, process) => {
      const refusal = appendBy(machine, after, index, process, fact, -1);
      if (refusal && machine.rules.writing.readFailedAppend(fact as never, refusal as never).lost) process.lost = true;
    });
    return;
  }
  yield step(`writes ${name}`, (after, process) => {
    const refusal = appendBy(machine, after, index, process, fact, process.length);
    if (refusal) failed(machine, process, fact, refusal);
    else {
      if (process.length >= 0) process.length += 1;
      count(machine, process, fact);
    }
  });
  if (world.lostReplies > 0) {
    for (const written of [true, false]) {
      yield step(
        `writes ${name}: an error, ${written ? 'but it is written' : 'and it is not written'}`,
        (after, process) => {
          after.lostReplies -= 1;
          if (written) appendBy(machine, after, index, process, fact, process.length);
          if (fact.type !== 'accepted' || again) failed(machine, process, fact, 'ledger_unavailable');
          else first(machine, process, { op: 'learn', fact, again: true });
        },
      );
    }
  }
  if (world.rewrites > 0) yield rewritten(machine, world, index, fact, name);
}

/** The reply is lost on its way, and the ledger's client writes again. */
function rewritten(machine: Machine, world: World, index: number, fact: Fact, name: string): Next {
  return go(world, `p${index} writes ${name}: the reply is lost, it will be written again`, (after) => {
    after.rewrites -= 1;
    const process = after.processes[index] as Process;
    appendBy(machine, after, index, process, fact, process.length);
  });
}

function failed(machine: Machine, process: Process, fact: Fact, refusal: string): void {
  const { counts, lost } = machine.rules.writing.readFailedAppend(fact as never, refusal as never);
  process.length = -1;
  if (lost) process.lost = true;
  if (counts) count(machine, process, counts);
  else abandon(machine, process);
}

export function appendBy(
  machine: Machine,
  world: World,
  index: number,
  { fence }: Process,
  fact: Fact,
  length: number,
): string | undefined {
  const { ending: _, ...event } = fact as Fact & { ending?: unknown };
  return appendAs(machine, world, machine.setting.processes[index] as number, { event: event as never, fence, length });
}

/** Every append passes here, so that a new owner of a job is seen. */
export function appendAs(
  machine: Machine,
  world: World,
  intent: number,
  write: Parameters<Machine['append']>[2],
): string | undefined {
  const { event } = write;
  const isNew = event.type === 'accepted' && !machine.hasJob((world.records[intent] as Ref<never>).value, event.job.id);
  const refusal = machine.append(world, intent, write);
  if (isNew && !refusal && event.type === 'accepted') own(machine, world, intent, event);
  return refusal;
}

/** `sending` is written: before it nothing leaves. */
function* writeSteps(
  machine: Machine,
  world: World,
  index: number,
  { repeat, sending: known }: Extract<Op, { op: 'write' }>,
  step: StepOf,
): Generator<Next> {
  const label = `writes sending ${world.wires.length}${repeat ? ' (a repeat)' : ''}`;
  if (world.wires.filter(({ intent }) => intent < outsider).length >= machine.setting.sends) {
    yield step('(bound) sends no more', (after) => end(machine, after, index));
    return;
  }
  yield step(label, (after, process) => {
    const sending = known ?? newSending(machine, after, index, repeat);
    const isEarly = !machine.lacks('sending is durable before the first byte');
    const refusal = isEarly ? appendBy(machine, after, index, process, sending, process.length) : undefined;
    if (refusal) broken(machine, after, index, sending, refusal);
    else written(machine, after, index, sending);
  });
  if (world.rewrites > 0 && !known) {
    yield step(`${label}: the reply is lost, it will be written again`, (after, process) => {
      after.rewrites -= 1;
      const sending = newSending(machine, after, index, repeat);
      appendBy(machine, after, index, process, sending, process.length);
      first(machine, process, { op: 'write', repeat, sending });
    });
  }
  if (world.lostReplies === 0) return;
  for (const isWritten of [true, false]) {
    yield step(`${label}: an error, ${isWritten ? 'but it is written' : 'and it is not written'}`, (after, process) => {
      after.lostReplies -= 1;
      const sending = known ?? newSending(machine, after, index, repeat);
      if (isWritten) appendBy(machine, after, index, process, sending, process.length);
      broken(machine, after, index, sending, 'ledger_unavailable');
    });
  }
}

export function newSending(machine: Machine, world: World, index: number, repeat: boolean): Sending {
  world.tick += 1;
  return machine.sendingOf(world, index, repeat);
}

function written(machine: Machine, world: World, index: number, sending: Sending): void {
  const process = world.processes[index] as Process;
  const before = process.state.id;
  if (process.length >= 0) process.length += 1;
  count(machine, process, sending);
  const { words, mark } = sending.request.body as { words: string; mark: number };
  const intent = machine.setting.processes[index] as number;
  const wire: Wire = {
    ...newWire(intent, Number(sending.target.modelId.slice(1)), words),
    ...{ mark, key: sending.key ?? '', token: sending.send ?? '' },
  };
  first(machine, process, { op: 'bytes', sending, before, wire: world.wires.push(wire) - 1 });
}

/** The ledger refused or failed before anything was sent: the call ends, and undoes what may be written. */
function broken(machine: Machine, world: World, index: number, sending: Sending, refusal: string): void {
  const process = world.processes[index] as Process;
  if (machine.rules.writing.readFailedAppend(sending, refusal as never).lost) process.lost = true;
  undo(machine, process, sending.send ?? '');
  abandon(machine, process);
}

function* bytesSteps(machine: Machine, index: number, op: Extract<Op, { op: 'bytes' }>, step: StepOf): Generator<Next> {
  const { sending, wire } = op;
  const { rules, clock, idempotency, at } = machine;
  const unsent = (after: World, process: Process): Fact | undefined => {
    const state = process.state.value;
    const keyIsGood =
      machine.lacks('a last check of the key') || rules.writing.isKeyGood(state, idempotency, clock(after));
    const before = at<typeof state>(op.before).value;
    const isGone = isInterrupted(process) && !machine.lacks('nothing is sent after an abort');
    return rules.writing.unsentInstead({ before, state, sending, isInterrupted: isGone, keyIsGood, at: 0 });
  };
  yield step(`sends ${wire}`, (after, process) => {
    const fact = unsent(after, process);
    const mine = after.wires[wire] as Wire;
    if (fact) {
      mine.submit = submitStates.unsent;
      if (machine.lacks('unsent is written')) {
        count(machine, process, fact);
        return;
      }
      first(machine, process, { op: 'learn', fact });
      return;
    }
    Object.assign(mine, { submit: submitStates.out, listener: index });
    first(machine, process, { op: 'wait', wire, sending });
  });
  if (!machine.setting.host.unreachable) return;
  yield step(`cannot connect for ${wire}`, (after, process) => {
    (after.wires[wire] as Wire).submit = submitStates.unsent;
    answer(machine, process, sending, { status: undefined, sent: 'no', snapshot: undefined });
  });
}
