import type { Evil, Without } from './evils.ts';
import type { HostName, JobNote } from './notes.ts';
import type { Random } from './random.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** How a job goes on, decided when it is accepted. */
type Script =
  | 'completes'
  /** Once told as failed, then completed after all. */
  | 'reverses'
  /** Completed, and its outputs come with the second look. */
  | 'empty first'
  | 'never ends'
  | 'fails'
  | 'times out'
  | 'deleted'
  | 'cancelled'
  | 'cancelled, refunded'
  /** Failed, and the charge disappears only later. */
  | 'fails, refund later'
  | 'fails, kept'
  | 'fails, cost untold';

const scripts: Record<HostName, readonly (readonly [number, Script])[]> = {
  wavespeed: [
    [62, 'completes'],
    [10, 'reverses'],
    [4, 'empty first'],
    [2, 'never ends'],
    [9, 'fails'],
    [2, 'times out'],
    [5, 'deleted'],
    [4, 'cancelled'],
  ],
  apiframe: [
    [58, 'completes'],
    [10, 'reverses'],
    [4, 'empty first'],
    [4, 'never ends'],
    [9, 'fails'],
    [5, 'fails, refund later'],
    [4, 'fails, kept'],
    [2, 'fails, cost untold'],
    [2, 'cancelled'],
    [2, 'cancelled, refunded'],
  ],
};

/** A job with what the host keeps to itself. */
export interface HostJob extends JobNote {
  readonly model: string;
  readonly body: Fields;
  readonly script: Script;
  /** The reading side does not know it before. */
  readonly knownFrom: number;
  readonly listedFrom: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly refundAt: number;
  looks: number;
}

export interface NewJob {
  readonly id: string;
  readonly host: HostName;
  readonly words: string;
  readonly model: string;
  readonly body: Fields;
  readonly submit: number | undefined;
  readonly madeAt: number;
}

/** What somebody who asks sees of a job. */
export interface View {
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'timeout' | 'deleted' | 'cancelled';
  readonly progress: number;
  readonly empty: boolean;
  /** Undefined where the host does not say. */
  readonly charged: boolean | undefined;
}

const refunded: readonly Script[] = ['fails', 'times out', 'cancelled, refunded', 'fails, refund later'];
const pictures: readonly Script[] = ['completes', 'reverses', 'empty first'];

const evilOf: Partial<Record<Script, Evil>> = {
  reverses: 'reversals',
  deleted: 'deletions',
  cancelled: 'deletions',
  'fails, refund later': 'late refunds',
  'fails, kept': 'late refunds',
  'fails, cost untold': 'late refunds',
};

/** `'tame'`: it just completes, as a stranger's job does and any in a calm world. */
export function createJob(random: Random, fresh: NewJob, without: Without | 'tame'): HostJob {
  const tame = without === 'tame';
  const drawn = tame ? 'completes' : random.weighted(scripts[fresh.host]);
  const evil = evilOf[drawn];
  const script = !tame && evil && without.has(evil) ? 'completes' : drawn;
  const { madeAt } = fresh;
  const startsAt = madeAt + random.between(0, 4_000);
  const endsAt = startsAt + random.pick([0, 3_000, 12_000, 30_000]);
  const lags = random.pick([0, 0, 0, 2_000, 30_000, 300_000]);
  const lag = tame || without.has('lag') ? 0 : lags;
  return {
    ...fresh,
    script,
    startsAt,
    endsAt,
    knownFrom: madeAt + (!tame && random.chance(0.15) ? random.between(500, 12_000) : 0),
    listedFrom: madeAt + lag,
    refundAt: script === 'fails, refund later' ? endsAt + random.between(60_000, 3_600_000) : endsAt,
    kept: script === 'fails, cost untold' ? random.chance(0.5) : !refunded.includes(script),
    completes: pictures.includes(script),
    failedShownAt: undefined,
    looks: 0,
  };
}

const ends: Partial<Record<Script, View['status']>> = {
  fails: 'failed',
  'fails, refund later': 'failed',
  'fails, kept': 'failed',
  'fails, cost untold': 'failed',
  'times out': 'timeout',
  deleted: 'deleted',
  cancelled: 'cancelled',
  'cancelled, refunded': 'cancelled',
};

/** Shows a job to somebody who asked for it by its id: a reversal shows its failure once. */
export function look(job: HostJob, now: number): View {
  const view = glance(job, now);
  if (view.status !== 'completed') return view;
  job.looks += 1;
  if (job.looks > 1) return view;
  if (job.script === 'reverses') return { ...view, status: 'failed', charged: false };
  return job.script === 'empty first' ? { ...view, empty: true } : view;
}

/** Shows a job in a list. */
export function glance(job: HostJob, now: number): View {
  const before = { empty: false, charged: true } as const;
  if (now < job.startsAt) return { ...before, status: 'queued', progress: 0 };
  const part = Math.min(99, Math.round((100 * (now - job.startsAt)) / (job.endsAt - job.startsAt + 1)));
  if (now < job.endsAt || job.script === 'never ends') return { ...before, status: 'running', progress: part };
  const status = ends[job.script];
  if (!status) return { ...before, status: 'completed', progress: 100 };
  const untold = job.script === 'fails, cost untold';
  return { status, progress: 0, empty: true, charged: untold ? undefined : job.kept || now < job.refundAt };
}
