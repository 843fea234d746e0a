import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Billed } from '../contract/result.ts';
import { classifyLook, effectiveStatus } from '../errors/classify.ts';
import type { ImageError } from '../errors/image-error.ts';
import type { Exchange } from '../http/send.ts';
import { describeExchange, exchangeFacts, type Facts, failure } from './failure.ts';
import { ask, readSnapshot } from './look.ts';
import type { Watch } from './run.ts';
import { delayBefore, type Looks, learn, toVigil, type Vigil } from './vigil.ts';

/** A job may be unknown to the reading side of a host for a moment after it was accepted. */
const missingFor = 30_000;
/** A finished job without a picture is looked at again this often. */
const emptyLooks = 3;
const longestWish = 120_000;

/** Looks at a paid job until it ends; returns it finished with a picture, or throws what became of it. */
export async function waitForJob(watch: Watch, job: Job, first?: JobSnapshot): Promise<JobSnapshot> {
  const member = watch.host.sweep.join(job.id, job.submittedAt ?? Date.now());
  try {
    return await lookOn(toVigil(watch, job, member), first);
  } finally {
    member.leave();
  }
}

async function lookOn(vigil: Vigil, first?: JobSnapshot): Promise<JobSnapshot> {
  const { state, job } = vigil;
  const looks: Looks = { count: 0, last: 0, failed: 0, empty: 0 };
  let snapshot = first;
  while (true) {
    if (snapshot) {
      state.last = keepProgress(snapshot, state.last);
      if (isFinished(vigil, job, snapshot, looks)) return snapshot;
    }
    if (snapshot || looks.failed) await pause(vigil, delayBefore(vigil, looks));
    snapshot = await look(vigil, looks);
    if (snapshot) report(vigil, snapshot);
  }
}

/** Waits until the next look is due, or until a webhook or a look at all jobs says that looking is worth while. */
async function pause({ run, host, job, member }: Vigil, delay: number): Promise<void> {
  const news = run.webhooks?.listen(host.adapter.name, job.id);
  try {
    const { ended } = member;
    await run.deadline.sleep(delay, news && ended ? Promise.race([news.arrived, ended]) : (news?.arrived ?? ended));
  } finally {
    news?.stop();
  }
}

function report({ run, job }: Vigil, { state, progress }: JobSnapshot): void {
  run.emit({ type: 'progress', job, state, ...(progress === undefined ? {} : { progress }) });
}

/** Progress that falls back is an error of the host. */
function keepProgress(snapshot: JobSnapshot, last: JobSnapshot | undefined): JobSnapshot {
  const before = last?.progress;
  return before !== undefined && before > (snapshot.progress ?? -1) ? { ...snapshot, progress: before } : snapshot;
}

/** True for a picture, false to look on; throws for every other end. */
function isFinished(watch: Watch, job: Job, snapshot: JobSnapshot, looks: Looks): boolean {
  if (snapshot.state === 'failed') throw jobFailed(watch, job, snapshot);
  if (snapshot.state !== 'completed') return false;
  if (snapshot.expired) throw gone(watch, job);
  if (snapshot.outputs.length > 0) return true;
  looks.empty += 1;
  if (looks.empty <= emptyLooks) return false;
  const detail = 'completed without a picture';
  throw paid(watch, job, 'invalid_response', detail, { reason: 'empty_result' });
}

/** One look. Only what cannot heal is thrown; everything else means looking again. */
async function look(vigil: Vigil, looks: Looks): Promise<JobSnapshot | undefined> {
  const { run, job, member } = vigil;
  run.emit({ type: 'looking', job, looks: looks.count });
  const swept = await run.deadline.race(member.look());
  // A list may be shorter than the answer about one job: what decides about money is asked for itself.
  const told =
    swept?.id === job.id && swept.state !== 'failed' && !(swept.state === 'completed' && swept.outputs.length === 0);
  if (swept && !told) member.leave();
  const snapshot = told ? swept : await lookAlone(vigil, looks);
  if (!snapshot) return undefined;
  learn(vigil, looks, snapshot);
  looks.failed = 0;
  looks.count += 1;
  return snapshot;
}

async function lookAlone(vigil: Vigil, looks: Looks): Promise<JobSnapshot | undefined> {
  const { run, host, job } = vigil;
  const exchange = await ask(vigil, host.adapter.toPoll(job.id));
  run.deadline.signal.throwIfAborted();
  const snapshot = readSnapshot(host.adapter, exchange);
  if (snapshot?.id === job.id) return snapshot;
  looks.failed += 1;
  const status = exchange.status && effectiveStatus(exchange.status, snapshot?.code);
  const verdict = classifyLook(status);
  const detail = describeExchange(exchange, snapshot);
  if (verdict === 'unauthenticated') throw paid(vigil, job, 'unauthenticated', detail, exchangeFacts(exchange));
  if (verdict === 'gone') throw gone(vigil, job);
  if (verdict === 'missing') checkMissing(vigil, job, exchange, detail);
  await obeyRetryAfter(vigil, exchange);
  return undefined;
}

function checkMissing(watch: Watch, job: Job, exchange: Exchange, detail: string): void {
  const { run, host, state } = watch;
  const age = Date.now() - (job.submittedAt ?? 0);
  if (job.submittedAt !== undefined && age > host.adapter.retention) throw gone(watch, job);
  const watched = run.deadline.elapsed() - (state.acceptedAfter ?? 0);
  if (Math.min(age, watched) < missingFor && job.submittedAt !== undefined) return;
  // A job that somebody else handed over may never have been.
  const billed = job.submittedAt === undefined ? 'unknown' : 'yes';
  throw paid(watch, job, 'not_found', detail, { ...exchangeFacts(exchange), billed, reason: 'job_not_found' });
}

/** A host that says when to come back is not asked before, as far as there is time. */
async function obeyRetryAfter({ run }: Watch, { retryAfter = 0 }: Exchange): Promise<void> {
  if (retryAfter > 0) await run.deadline.sleep(Math.min(retryAfter, longestWish, run.deadline.remaining()));
}

function jobFailed(watch: Watch, job: Job, snapshot: JobSnapshot): ImageError {
  const billed: Billed = snapshot.refund === 'none' ? 'yes' : 'no';
  const code = snapshot.failure ?? 'job_failed';
  const reason = code === 'moderated' ? 'content_rejected' : undefined;
  return paid(watch, job, code, snapshot.message ?? snapshot.nativeStatus ?? '', { billed, reason });
}

const gone = (watch: Watch, job: Job): ImageError =>
  paid(watch, job, 'result_expired', 'the host has removed the files', {});

/** An error about a job that was accepted: it always names the job. */
export function paid(watch: Watch, job: Job, code: ImageError['code'], detail: string, facts: Facts): ImageError {
  return failure(watch, code, detail, { billed: 'yes', stage: 'poll', job, ...facts });
}
