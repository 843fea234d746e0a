import { copy } from './intern.ts';
import { type Machine, newWire, outsider } from './machine.ts';
import { jobStates, submitStates, type Wire, type World } from './types.ts';

export type Next = readonly [name: string, world: World];

/** Everything that the host, its network and its clock may do next. */
export function* hostSteps(machine: Machine, world: World): Generator<Next> {
  const { host } = machine.setting;
  for (const [index, wire] of world.wires.entries()) {
    if (wire.submit === submitStates.out) yield* submitSteps(machine, world, index, wire);
    if (wire.job !== jobStates.none) yield* jobSteps(machine, world, index, wire);
  }
  if (host.outsider && !world.wires.some(({ intent }) => intent === outsider)) {
    yield go(world, 'another program submits equal words, accepted', (after) => {
      const index = after.wires.push({ ...newWire(outsider, 0, '0.0'), submit: submitStates.accepted }) - 1;
      accept(machine, after, index);
    });
  }
  if (!machine.setting.keyed) return;
  if (world.era === 0 && world.wires.length > 0)
    yield go(world, '23.5 hours pass', (after) => {
      after.era = 1;
    });
  const isBusy = world.wires.some(({ submit }) => submit === submitStates.out);
  if (world.era === 1 && (!isBusy || host.slowNetwork)) {
    yield go(world, '25 hours have passed: the host forgets the key', (after) => {
      after.era = 2;
    });
  }
}

export function go(world: World, name: string, change: (after: World) => void): Next {
  const after = copy(world);
  change(after);
  return [name, after];
}

function accept({ setting }: Machine, world: World, index: number): void {
  const wire = world.wires[index] as Wire;
  world.tick += 1;
  wire.submit = submitStates.accepted;
  wire.answer = index;
  wire.made = world.tick;
  wire.era = world.era;
  const isQuick = setting.host.instant || wire.model > 0;
  wire.job = isQuick ? jobStates.completed : jobStates.running;
}

function* submitSteps(machine: Machine, world: World, index: number, wire: Wire): Generator<Next> {
  const { host } = machine.setting;
  const late = wire.listener < 0 ? ' (late: nobody waits)' : '';
  yield go(world, `host accepts submit ${index}${late}`, (after) => {
    // A key is remembered for 24 hours after its first use.
    const known = after.wires.findIndex(
      ({ key, job, era }) => wire.key !== '' && key === wire.key && job > 0 && !(era === 0 && after.era === 2),
    );
    if (known < 0) return accept(machine, after, index);
    Object.assign(after.wires[index] as Wire, { submit: submitStates.accepted, answer: known });
  });
  if (wire.model > 0) return;
  yield go(world, `host never gets submit ${index}`, (after) => set(after, index, { submit: submitStates.dropped }));
  if (late) return;
  if (host.refuses)
    yield go(world, `host refuses submit ${index}`, (after) => set(after, index, { submit: submitStates.refused }));
  if (host.limits)
    yield go(world, `host answers 429 to ${index}`, (after) => set(after, index, { submit: submitStates.limited }));
}

export const set = (world: World, index: number, change: Partial<Wire>): void => {
  Object.assign(world.wires[index] as Wire, change);
};

const fates = {
  refunded: ['fails, refunded', [jobStates.refunded]],
  pending: ['fails, its refund is pending', [jobStates.pending]],
  kept: ['fails, not refunded', [jobStates.kept]],
  silent: ['fails, the host does not say what it keeps', [jobStates.silentKept, jobStates.silentBack]],
  deleted: ['is deleted', [jobStates.deleted]],
} as const;

function* jobSteps({ setting: { host, lists } }: Machine, world: World, index: number, wire: Wire): Generator<Next> {
  const { job, listed, reverses } = wire;
  if (lists !== false && !listed) {
    yield go(world, `list shows job ${index}`, (after) => set(after, index, { listed: 1 }));
    if (host.pages)
      yield go(world, `job ${index} is listed beyond page 1`, (after) => set(after, index, { listed: 2 }));
  }
  if (reverses && host.reverses === 'late') yield reversed(world, index);
  if (job === jobStates.pending)
    yield go(world, `refund of job ${index} is shown`, (after) =>
      set(after, index, { job: jobStates.refunded, reverses: false }),
    );
  if (job !== jobStates.running) return;
  yield go(world, `job ${index} completes`, (after) => set(after, index, { job: jobStates.completed }));
  for (const fate of host.fails ?? []) {
    const [name, states] = fates[fate];
    for (const state of states) yield go(world, `job ${index} ${name}`, (after) => set(after, index, { job: state }));
  }
  if (host.reverses) {
    yield go(world, `job ${index} shows failed, not for good`, (after) =>
      set(after, index, { job: jobStates.pending, reverses: true }),
    );
  }
}

export const reversed = (world: World, index: number): Next =>
  go(world, `job ${index} turns from failed to completed`, (after) => reverse(after, index));

export const reverse = (world: World, index: number): void =>
  set(world, index, { job: jobStates.completed, reverses: false });
