import type { LedgerEvent, LedgerRecord } from '../../src/ledger/facts.ts';
import type { Sending } from '../../src/ledger/state.ts';
import { cutOff } from './answers.ts';
import { appendAs, effects, newSending } from './effects.ts';
import { go, hostSteps, type Next } from './host.ts';
import { type Machine, newWire, stop } from './machine.ts';
import { behind, count, first, isInterrupted, settle, takeUp, undo } from './process.ts';
import { type Behind, type Hold, type Process, type Ref, submitStates, type World } from './types.ts';

/** Everything that may happen next in a world. */
export function* steps(machine: Machine, world: World): Generator<Next> {
  yield* hostSteps(machine, world);
  yield* humanSteps(machine, world);
  for (const [index, process] of world.processes.entries()) {
    if (process.behind.length > 0) yield* behindSteps(machine, world, index);
    if (process.on) {
      yield* effects(machine, world, index);
      yield* interruptions(machine, world, index);
    } else yield* claimSteps(machine, world, index);
  }
}

/** A process begins, or goes on with what is open. */
function* claimSteps(machine: Machine, world: World, index: number): Generator<Next> {
  const { setting, rules, fold, isOpen } = machine;
  const process = world.processes[index] as Process;
  const intent = setting.processes[index] as number;
  const hold = world.holds[intent] as Hold;
  const record = world.records[intent] as Ref<LedgerRecord>;
  // Gives back before it takes again: the calls of one process do not overtake each other here.
  if (world.claims === 0 || process.behind.length > 0 || (hold.held && !setting.steal)) return;
  if (isSymmetric(machine, world, intent)) return;
  const state = fold(record);
  const isDelivered = rules.state.phaseOf(state) === 'delivered';
  const take = (refunds: boolean): Next =>
    go(
      world,
      `p${index} takes up intent ${intent}${hold.held ? ' (the lease ran out)' : ''}${refunds ? ' for its refund' : ''}`,
      (after) => {
        after.claims -= 1;
        const mine = after.processes[index] as Process;
        const held = after.holds[intent] as Hold;
        mine.run += 1;
        const before = held.held ? after.processes[Number(held.owner.split('.')[0])] : undefined;
        if (before) before.expired = !machine.lacks('a process knows when its lease is over');
        Object.assign(held, { owner: `${index}.${mine.run}`, fence: held.fence + 1, held: true });
        mine.fence = held.fence;
        takeUp(machine, after, index, refunds);
        settle(machine, after, index);
      },
    );
  if (!isDelivered) yield take(false);
  if (isOpen(record) && rules.state.awaitsRefund(state).length > 0) yield take(true);
}

/** Equal intents that nobody has begun are begun in their order. */
const isSymmetric = ({ setting }: Machine, world: World, intent: number): boolean =>
  intent > 0 &&
  setting.equal === true &&
  setting.processes.length === setting.intents &&
  world.holds[intent - 1]?.fence === 0;

/** Crash, abort, deadline. */
function* interruptions(machine: Machine, world: World, index: number): Generator<Next> {
  const process = world.processes[index] as Process;
  const [ref] = process.todo;
  if (!ref) return;
  const op = ref.value;
  if (world.crashes > 0) {
    yield go(world, `p${index} crashes`, (after) => {
      after.crashes -= 1;
      const mine = after.processes[index] as Process;
      if (op.op === 'learn') behind(machine, mine, op.fact);
      const hold = after.holds[machine.setting.processes[index] as number] as Hold;
      if (hold.owner === `${index}.${mine.run}`) Object.assign(hold, { owner: '', held: false });
      for (const wire of after.wires) if (wire.listener === index) wire.listener = -1;
      stop(machine, mine);
    });
  }
  if (isInterrupted(process)) return;
  const kinds = [
    ...(world.aborts > 0 ? (['aborts', 'is aborted'] as const) : []),
    ...(world.deadlines > 0 ? (['deadlines', 'is out of time'] as const) : []),
  ];
  for (let at = 0; at < kinds.length; at += 2) {
    const kind = kinds[at] as 'aborts' | 'deadlines';
    yield* interrupt(machine, world, index, kind, `p${index} ${kinds[at + 1]}`);
  }
}

function* interrupt(
  machine: Machine,
  world: World,
  index: number,
  kind: 'aborts' | 'deadlines',
  name: string,
): Generator<Next> {
  const op = (world.processes[index] as Process).todo[0]?.value;
  const end = (label: string, change: (after: World, process: Process) => void): Next =>
    go(world, `${name}${label}`, (after) => {
      after[kind] -= 1;
      const process = after.processes[index] as Process;
      process[kind === 'aborts' ? 'aborted' : 'late'] = true;
      change(after, process);
      settle(machine, after, index);
    });
  if (op?.op === 'write') {
    yield end(' before it writes', (_, process) => {
      process.todo = [];
    });
    yield end(' while it writes `sending`', (after, process) => {
      const sending = op.sending ?? newSending(machine, after, index, op.repeat);
      process.todo = [];
      behind(machine, process, sending, true);
      if (machine.lacks('nothing is sent after an abort'))
        sendAnyway(after, machine.setting.processes[index] as number, sending);
      undo(machine, process, sending.send ?? '');
    });
  } else if (op?.op === 'wait') yield end(' while it waits', (after, process) => cutOff(machine, after, process, op));
  else if (op?.op === 'learn' && !op.quiet) {
    yield end(' while it writes', (_, process) => {
      process.todo = process.todo.slice(1);
      behind(machine, process, op.fact);
      count(machine, process, op.fact);
    });
  } else if (op?.op === 'bytes') yield end(' before the bytes leave', () => undefined);
  else if (op?.op === 'deliver') {
    yield end(' while it delivers', (_, process) => {
      process.todo = [];
      first(machine, process, { op: 'tell', billed: 'yes' }, { op: 'end' });
    });
  } else if (op && op.op !== 'learn') {
    yield end('', (_, process) => {
      process.todo = [];
    });
  }
}

/** What must not happen: the caller has gone, and the bytes leave all the same. */
function sendAnyway(world: World, intent: number, sending: Sending): void {
  const { words, mark } = sending.request.body as { words: string; mark: number };
  world.wires.push({ ...newWire(intent, 0, words), mark, token: sending.send ?? '', submit: submitStates.out });
}

/** A write that nobody waits for lands, or never does. */
function* behindSteps(machine: Machine, world: World, index: number): Generator<Next> {
  const [ref] = (world.processes[index] as Process).behind;
  const intent = machine.setting.processes[index] as number;
  const { event, release, fence, length, chained } = (ref as Ref<Behind>).value;
  const name = release ? 'gives the intent back' : `'s late write of ${event?.type}`;
  const rest = (process: Process, isDone: boolean): void => {
    const [, ...left] = process.behind;
    process.behind = isDone || !chained ? left : left.filter(({ value }) => !value.chained);
  };
  yield go(world, `p${index} ${name}${release ? '' : ' lands'}`, (after) => {
    const hold = after.holds[intent] as Hold;
    if (release && hold.owner === release) Object.assign(hold, { owner: '', held: false });
    const refusal = event && appendAs(machine, after, intent, { event: event as LedgerEvent, fence, length });
    rest(after.processes[index] as Process, !refusal || event?.type === 'sending');
  });
  if (release) return;
  yield go(world, `p${index} ${name} is lost`, (after) =>
    rest(after.processes[index] as Process, event?.type === 'sending'),
  );
}

/** A person who looked at the host's list. */
function* humanSteps(machine: Machine, world: World): Generator<Next> {
  if (world.humans === 0) return;
  for (const [intent, record] of world.records.entries()) {
    const state = machine.fold(record);
    const [send] = machine.rules.state.inDoubt(state);
    if (!send || (world.holds[intent] as Hold).held) continue;
    const write = (name: string, event: LedgerEvent, more: (after: World) => void): Next =>
      go(world, `a person says: intent ${intent} ${name}`, (after) => {
        after.humans -= 1;
        more(after);
        const hold = after.holds[intent] as Hold;
        Object.assign(hold, { fence: hold.fence + 1, owner: '' });
        appendAs(machine, after, intent, { event, fence: hold.fence, length: -1 });
      });
    yield write('was never accepted', { type: 'resolved', at: 0 }, (after) => {
      after.allowed[intent] = (after.allowed[intent] ?? 0) + 1;
    });
    for (const [at, wire] of world.wires.entries()) {
      const { words, mark } = send.fact.request.body as { words?: string; mark?: number };
      if (wire.job === 0 || wire.listed === 0 || wire.words !== words || wire.mark !== mark) continue;
      const job = machine.rules.reading.toJob(send.fact, `j${at}`);
      yield write(`has job ${at}`, { type: 'accepted', at: 0, job, send: send.token, proof: 'human' }, () => undefined);
    }
  }
}
