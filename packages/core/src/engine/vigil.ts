import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Host } from '../provider/host.ts';
import type { Member } from '../provider/sweep.ts';
import { findModel } from '../request/resolve.ts';
import { hinted } from '../schedule/hinted.ts';
import { kindOf } from '../schedule/kind.ts';
import { type Latency, type LookContext, leastGap, type Schedule } from '../schedule/schedule.ts';
import { fullJitter } from './repeat.ts';
import type { Run, Watch } from './run.ts';

/** A watch on a job whose id is known, with what is needed to look again and again. */
export interface Vigil extends Watch {
  readonly job: Job;
  readonly member: Member;
  readonly kind: string;
  readonly latency: Latency;
}

export interface Looks {
  /** Answers that said something about the job. */
  count: number;
  /** Milliseconds from acceptance to the last of them. */
  last: number;
  /** Looks in a row that failed. */
  failed: number;
  /** Looks that found it finished and without a picture. */
  empty: number;
}

/** Milliseconds between looks at a host on this machine, which nobody minds. */
const localInterval = 50;
/** Between two looks at a finished job without a picture. */
const emptyGap = 3_000;
/** Of a model whose family says nothing. */
export const unknownLatency: Latency = { median: 15_000, sigma: 0.7 };

export const toVigil = (watch: Watch, job: Job, member: Member): Vigil => ({
  ...watch,
  job,
  member,
  kind: kindOf(watch.host.adapter.name, watch.model.modelId, watch.run.intent.request),
  latency: latencyOf(watch),
});

const latencyOf = ({ host, model, run }: Watch): Latency =>
  findModel(host.adapter, model.modelId, run.intent.request.images.length > 0).family.latency ?? unknownLatency;

/** Milliseconds until the next look. */
export function delayBefore({ run, host, state, kind, latency }: Vigil, looks: Looks): number {
  if (looks.empty > 0) return host.isLocal() ? localInterval : emptyGap;
  const { pace } = run.policy;
  const progress = state.last?.progress;
  const next = scheduleOf(
    run,
    host,
  )({
    elapsed: run.deadline.elapsed() - (state.acceptedAfter ?? 0),
    lastLook: looks.last,
    looks: looks.count,
    interval: host.adapter.interval,
    ...{ kind, latency, pace },
    ...(progress === undefined ? {} : { progress }),
  });
  return looks.failed ? next + fullJitter(looks.failed) : next;
}

/** What the call says wins; a host on this machine is asked all the time; then comes what the account says. */
const scheduleOf = ({ policy }: Run, host: Host): Schedule =>
  policy.schedule ?? (host.isLocal() ? () => localInterval : polite(host.schedule ?? hinted));

/** However good its reasons, a schedule that is not the call's own keeps the least gap. */
const polite =
  (schedule: Schedule): Schedule =>
  (context: LookContext) =>
    Math.max(leastGap[context.pace], schedule(context));

/** What a look found is told to a schedule that learns from it. */
export function learn({ run, host, state, kind, latency }: Vigil, looks: Looks, snapshot: JobSnapshot): void {
  const from = looks.last;
  const to = run.deadline.elapsed() - (state.acceptedAfter ?? 0);
  const done = snapshot.state === 'completed' || snapshot.state === 'failed';
  const inference = snapshot.inference === undefined ? {} : { inference: snapshot.inference };
  if (!done) looks.last = to;
  // A picture that was there at the first look of a later process says nothing about how long it took.
  if (state.submits > 0)
    (run.policy.schedule ?? host.schedule)?.observe?.({ kind, latency, from, to, done, ...inference });
}
