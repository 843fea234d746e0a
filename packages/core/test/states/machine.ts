import type { JobSnapshot } from '../../src/contract/adapter.ts';
import type { Intent, LedgerEvent, LedgerRecord } from '../../src/ledger/facts.ts';
import type { Fact, IntentState, OwnedJob, Sending } from '../../src/ledger/state.ts';
import { createInterner, memo } from './intern.ts';
import type { Rules } from './rules.ts';
import {
  jobStates,
  type Op,
  type Process,
  type Ref,
  type Setting,
  submitStates,
  type Wire,
  type World,
} from './types.ts';

export const outsider = 99;
const start = 1_700_000_000_000;
const step = 10_000;
const hour = 3_600_000;
export const provider = 'host';
const eras = [0, 23.5 * hour, 25 * hour];
const lifetime = 24 * hour;

/** What the parts of the walk share: the rules, the world's bounds, and everything that is computed once. */
export function createMachine(rules: Rules, setting: Setting) {
  const { intern, at } = createInterner();
  const reduced = memo<Ref<IntentState>>();
  const judged = memo<{ refusal?: string; record: Ref<LedgerRecord> }>();
  const folded = memo<IntentState>();
  const opened = memo<boolean>();
  const owned = memo<string[]>();
  const fresh = intern(rules.state.fresh);
  const model = (index: number) => ({ provider, modelId: `m${index}` });
  const lacks = (part: string): boolean => setting.without?.includes(part) ?? false;

  const timeAt = (tick: number): number => start + tick * step;
  const clock = (world: World): number => timeAt(world.tick) + (setting.skew ?? 0) + (eras[world.era] ?? 0);

  const reduce = (state: Ref<IntentState>, fact: Fact): Ref<IntentState> =>
    reduced(`${state.id},${intern(fact).id}`, () => intern(rules.reducer.reduce(state.value, fact)));

  const intentOf = (index: number): Intent => ({
    ...{ id: `i${index}`, createdAt: start },
    request: { prompt: '', images: [], fit: 'exact', responseFormat: 'url', providerOptions: {} },
    route: Array.from({ length: setting.models ?? 1 }, (_, each) => model(each)),
  });

  const ledgerOf = (intent: number): number => setting.ledgerOf?.[intent] ?? 0;
  const isNear = (one: number, other: number): boolean => ledgerOf(one) === ledgerOf(other);
  const wordsOf = (intent: number, index: number): string =>
    `${setting.equal || intent === outsider ? 0 : intent}.${index}`;

  const hasJob = (record: LedgerRecord, id: string): boolean => {
    const { id: known } = intern(record);
    const jobs = owned(`${known}`, () =>
      record.events.flatMap((event) => (event.type === 'accepted' ? [event.job.id] : [])),
    );
    return jobs.includes(id);
  };
  /** Who has a job, in the ledger of this intent. */
  function ownerOf(world: World, id: string, intent: number): number {
    const isKept = ({ value }: Ref<LedgerRecord>): boolean =>
      !lacks('delivered intents keep their jobs') || value.events.at(-1)?.type !== 'delivered';
    return world.records.findIndex((each, index) => isNear(index, intent) && hasJob(each.value, id) && isKept(each));
  }

  /** Appends as a ledger does. Returns why it was refused. */
  function append(world: World, intent: number, write: { event: LedgerEvent; fence: number; length: number }) {
    const { event, fence, length } = write;
    const record = world.records[intent] as Ref<LedgerRecord>;
    const isFresh = fence === world.holds[intent]?.fence;
    const owner = event.type === 'accepted' ? ownerOf(world, event.job.id, intent) : -1;
    const key = `${record.id},${intern(event).id},${isFresh},${length},${owner}`;
    const { refusal, record: after } = judged(key, () => {
      try {
        const known = { ...(length < 0 ? {} : { length }), ...(owner < 0 ? {} : { owner: `i${owner}` }) };
        const verdict = rules.ledger.judgeAppend({ record: record.value, event, isFresh, ...known });
        return { record: verdict === 'written' ? record : written(record.value, event) };
      } catch (error) {
        return { record, refusal: (error as { reason?: string }).reason ?? `${error}` };
      }
    });
    world.records[intent] = after;
    return refusal;
  }

  function written({ intent, events }: LedgerRecord, event: LedgerEvent): Ref<LedgerRecord> {
    const record = { intent, events: [...events, event] };
    return intern(rules.reducer.isOpen(record) ? record : rules.closing.closeRecord(record));
  }

  const fold = ({ id, value }: Ref<LedgerRecord>): IntentState =>
    folded(`${id}`, () => rules.reducer.foldRecord(value));
  const isOpen = ({ id, value }: Ref<LedgerRecord>): boolean => opened(`${id}`, () => rules.reducer.isOpen(value));

  function snapshotOf(world: World, id: string): JobSnapshot | undefined {
    const wire = world.wires[Number(id.slice(1))];
    return wire && snapshotsByState(wire, id, timeAt(wire.made) + (eras[wire.era] ?? 0));
  }

  /** The send that this process makes now. */
  function sendingOf(world: World, index: number, repeat: boolean): Sending {
    const process = world.processes[index] as Process;
    const state = process.state.value;
    const intent = setting.processes[index] as number;
    const attempt = repeat ? (state.sends.at(-1)?.fact.attempt ?? 1) : state.attempts + 1;
    const send = `${attempt}.${state.sends.length}.${index}.${process.run}`;
    const last = state.sends.at(-1)?.fact;
    if (repeat && last?.key) {
      const key = lacks('a replay uses the same key') ? `${last.key}+` : last.key;
      return { ...last, key, at: clock(world), send };
    }
    const mark = !setting.marked ? 0 : lacks('each send has a mark of its own') ? 1 : world.tick;
    const words = wordsOf(intent, state.model);
    return {
      ...{ type: 'sending', at: clock(world), attempt, send },
      request: { method: 'POST', path: '/', body: { words, mark } },
      target: model(state.model),
      words: mark ? `${words}+${mark}` : words,
      ...(setting.keyed ? { key: `k${intent}.${attempt}` } : {}),
      ...(mark ? { marked: true } : {}),
    };
  }

  const op = (value: Op): Ref<Op> => intern(value);
  return {
    ...{
      setting,
      rules,
      intern,
      at,
      fresh,
      model,
      lacks,
      reduce,
      intentOf,
      ledgerOf,
      isNear,
      wordsOf,
      hasJob,
      ownerOf,
    },
    ...{ append, fold, isOpen, snapshotOf, sendingOf, op, clock, timeAt },
    idempotency: setting.keyed ? { header: 'key', lifetime } : undefined,
  };
}

export type Machine = ReturnType<typeof createMachine>;

export const isSame = (listed: JobSnapshot, submitted: Sending['request']): boolean =>
  JSON.stringify(listed.inputs) === JSON.stringify(submitted.body);

/** Whether the host keeps the money, as far as it has decided. */
export const isCharged = ({ job }: Wire): boolean =>
  job !== jobStates.none && job !== jobStates.refunded && job !== jobStates.pending && job !== jobStates.silentBack;

const failures: Readonly<Record<number, JobSnapshot['refund']>> = {
  [jobStates.refunded]: 'done',
  [jobStates.pending]: 'pending',
  [jobStates.kept]: 'none',
  [jobStates.silentKept]: 'unknown',
  [jobStates.silentBack]: 'unknown',
  [jobStates.deleted]: 'unknown',
};

function snapshotsByState({ job, words, mark }: Wire, id: string, made: number): JobSnapshot | undefined {
  if (job === jobStates.none) return undefined;
  const facts = { id, inputs: { words, mark }, createdAt: new Date(made).toISOString() };
  if (job === jobStates.running) return { ...facts, state: 'processing', outputs: [] };
  if (job === jobStates.completed) return { ...facts, state: 'completed', outputs: [{ url: id }] };
  const refund = failures[job] ?? 'unknown';
  return { ...facts, state: 'failed', outputs: [], refund };
}

export const jobOf = ({ jobs }: IntentState, id: string): OwnedJob | undefined => jobs.find(({ job }) => job.id === id);

const idle: Omit<Process, 'state' | 'run'> = {
  ...{
    on: false,
    fence: -1,
    length: 0,
    lost: false,
    replayed: false,
    refunds: false,
    expired: false,
    late: false,
    aborted: false,
  },
  ...{ undoing: false, todo: [], behind: [], candidates: '', before: -1, listed: [] },
};

/** Ends a run: of its memory nothing is left but what it has not finished writing. */
export function stop({ fresh }: Machine, process: Process): void {
  Object.assign(process, { ...idle, state: fresh, run: process.run, behind: process.behind });
}

export function firstWorld(machine: Machine): World {
  const { setting, intern, intentOf, fresh } = machine;
  const each = <Value>(make: (index: number) => Value): Value[] =>
    Array.from({ length: setting.intents }, (_, at) => make(at));
  const { claims, crashes = 0, aborts = 0, deadlines = 0, humans = 0, lostReplies = 0, rewrites = 0, host } = setting;
  const old: Wire = {
    ...newWire(outsider, 0, '0.0'),
    submit: submitStates.accepted,
    job: jobStates.completed,
    listed: 1,
  };
  return {
    records: each((index) => intern({ intent: intentOf(index), events: [] })),
    holds: each(() => ({ owner: '', fence: 0, held: false })),
    processes: setting.processes.map(() => ({ ...idle, state: fresh, run: 0 })),
    wires: host.oldJob ? [{ ...old, answer: 0 }] : [],
    ...{ tick: 0, era: 0, claims, crashes, aborts, deadlines, humans, lostReplies, rewrites },
    ...{ allowed: each(() => 0), free: each(() => 0), swapped: each(() => -1), got: each(() => 0), bad: '' },
  };
}

export const newWire = (intent: number, model: number, words: string): Wire => ({
  ...{ intent, token: '', model, words, key: '', mark: 0, submit: submitStates.written, listener: -1, answer: -1 },
  ...{ job: jobStates.none, made: 0, era: 0, listed: 0, reverses: false, maker: intent },
});
