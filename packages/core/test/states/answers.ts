import type { Fact, Sending } from '../../src/ledger/state.ts';
import type { Answer } from '../../src/picture/reading.ts';
import { type Next, reverse } from './host.ts';
import { jobOf, type Machine } from './machine.ts';
import { first } from './process.ts';
import { type Op, type Process, submitStates, type Wire, type World } from './types.ts';

export type StepOf = (name: string, change: (after: World, process: Process) => void) => Next;

export function* waitSteps(
  machine: Machine,
  world: World,
  op: Extract<Op, { op: 'wait' }>,
  step: StepOf,
): Generator<Next> {
  const { sending, wire: at } = op;
  const { host } = machine.setting;
  const wire = world.wires[at] as Wire;
  const hear = (name: string, heard: Answer): Next =>
    step(name, (after, process) => {
      (after.wires[at] as Wire).listener = -1;
      if (heard.status === 200) seen(machine, after, wire.answer);
      answer(machine, process, sending, heard);
    });
  const own = `j${wire.answer}`;
  if (wire.submit === submitStates.accepted) {
    yield hear(`hears of job ${own}`, { status: 200, sent: 'yes', snapshot: machine.snapshotOf(world, own) });
  }
  if (wire.submit === submitStates.refused) yield hear('is refused', { status: 402, sent: 'yes', snapshot: undefined });
  if (wire.submit === submitStates.limited)
    yield hear('is told to wait', { status: 429, sent: 'yes', snapshot: undefined });
  const isDecided = wire.submit === submitStates.refused || wire.submit === submitStates.limited;
  if (!isDecided) yield hear('hears nothing', { status: undefined, sent: 'unknown', snapshot: undefined });
  if (host.oddIds) {
    const status = isDecided ? 402 : 500;
    const odd = { id: 'x9', state: 'failed', outputs: [] } as const;
    yield hear(`hears ${status} with an odd id`, { status, sent: 'yes', snapshot: odd });
    if (wire.submit === submitStates.accepted) {
      yield hear('hears 500 with its own id', { status: 500, sent: 'yes', snapshot: undefined, salvaged: own });
    }
  }
  if (!host.wrongJob || wire.submit !== submitStates.accepted) return;
  const other = world.wires.findIndex(
    ({ job }, each) => each !== wire.answer && job > 0 && machine.ownerOf(world, `j${each}`, wire.intent) >= 0,
  );
  if (other >= 0)
    yield hear(`hears of job j${other}, which is taken`, {
      status: 200,
      sent: 'yes',
      snapshot: machine.snapshotOf(world, `j${other}`),
    });
}

export function answer(machine: Machine, process: Process, sending: Sending, heard: Answer): void {
  const facts = machine.rules.reading.readSubmit(sending, heard, 0, () => undefined);
  first(machine, process, ...facts.map((fact) => ({ op: 'learn', fact }) as const));
}

/** The wait for an answer was cut off: nobody knows what became of it. */
export function cutOff(machine: Machine, world: World, process: Process, op: Extract<Op, { op: 'wait' }>): void {
  (world.wires[op.wire] as Wire).listener = -1;
  process.todo = [];
  answer(machine, process, op.sending, { status: undefined, sent: 'unknown', snapshot: undefined });
}

export function* pollSteps(machine: Machine, world: World, index: number, id: string, step: StepOf): Generator<Next> {
  const process = world.processes[index] as Process;
  const owned = jobOf(process.state.value, id);
  const at = Number(id.slice(1));
  if (!owned) return;
  const snapshot = machine.snapshotOf(world, id);
  const isNew = snapshot?.state !== 'processing';
  const times = { now: machine.clock(world), watched: 60_000, retention: 7 * 86_400_000 };
  const read = (heard: Answer): readonly Fact[] => machine.rules.reading.readPoll(owned, heard, times, () => undefined);
  const learn = (mine: Process, facts: readonly Fact[]): void =>
    first(machine, mine, ...facts.map((fact) => ({ op: 'learn', fact }) as const));
  if (isNew) {
    yield step(`polls ${id}: ${snapshot?.state ?? 'missing'}`, (after, mine) => {
      seen(machine, after, at);
      learn(mine, read({ status: snapshot ? 200 : 404, sent: 'yes', snapshot }));
    });
  }
  if (machine.setting.host.misses && process.state.value.misses === 0) {
    yield step(`polls ${id}: no answer`, (_, mine) =>
      learn(mine, read({ status: 503, sent: 'yes', snapshot: undefined })),
    );
  }
}

/** A failure that is not for good has turned by the time somebody looks again. */
export function seen({ setting }: Machine, world: World, at: number): void {
  if (world.wires[at]?.reverses && setting.host.reverses === 'soon') reverse(world, at);
}
