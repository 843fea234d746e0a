import type { JobSnapshot } from '../contract/adapter.ts';
import type { Host } from '../host/host.ts';
import { findModel } from '../request/find-model.ts';
import { hinted } from '../schedule/hinted.ts';
import { bucketOf, type Latency, leastInterval, type PollContext, type Schedule } from '../schedule/schedule.ts';
import { hostOf, modelOf, type Picture } from './picture.ts';
import { sinceAccepted } from './wait.ts';

/** Milliseconds between polls at a host on this machine, which nobody minds. */
const localInterval = 50;
/** Between two polls of a finished job without a picture. */
const emptyInterval = 3_000;
const longestBackoff = 8_000;
const firstBackoff = 250;
/** Of a model whose family says nothing. */
export const unknownLatency: Latency = { median: 15_000, sigma: 0.7 };

/** Milliseconds until the next poll of the picture's job. */
export function delayBefore(picture: Picture): number {
  const { frame, state, polls, lastPoll } = picture;
  const host = hostOf(picture);
  if (state.empty > 0) return host.isLocal() ? localInterval : emptyInterval;
  const { pace } = frame.policy;
  const progress = state.jobs.at(-1)?.snapshot?.progress;
  const interval = scheduleOf(
    picture,
    host,
  )({
    ...{ elapsed: sinceAccepted(picture), lastPoll, polls, interval: host.adapter.interval, pace },
    ...describeJob(picture),
    ...(progress === undefined ? {} : { progress }),
  });
  if (state.misses === 0) return interval;
  return Math.max(
    state.retryAfter,
    interval + Math.random() * Math.min(longestBackoff, firstBackoff * 2 ** state.misses),
  );
}

/** What the call says wins; a host on this machine is polled all the time; then comes what the account says. */
const scheduleOf = ({ frame }: Picture, host: Host): Schedule =>
  frame.policy.schedule ?? (host.isLocal() ? () => localInterval : bounded(host.schedule ?? hinted));

/** However good its reasons, a schedule that is not the call's own keeps the least interval. */
const bounded =
  (schedule: Schedule): Schedule =>
  (context: PollContext) =>
    Math.max(leastInterval[context.pace], schedule(context));

/** Which jobs are alike, and how long they are said to take. */
function describeJob(picture: Picture): { bucket: string; latency: Latency } {
  const { request } = picture.intent;
  const { provider, modelId } = modelOf(picture);
  const family = picture.asked?.prepared.family ?? findFamily(picture);
  return { bucket: bucketOf(provider.adapter.name, modelId, request), latency: family?.latency ?? unknownLatency };
}

function findFamily(picture: Picture) {
  const { provider, modelId } = modelOf(picture);
  try {
    return findModel(provider.adapter, modelId, picture.intent.request).family;
  } catch {
    return undefined;
  }
}

/** What a poll found is told to a schedule that learns from it. */
export function observe(picture: Picture, snapshot: JobSnapshot): void {
  const from = picture.lastPoll;
  const to = sinceAccepted(picture);
  const done = snapshot.state === 'completed' || snapshot.state === 'failed';
  const inference = snapshot.inference === undefined ? {} : { inference: snapshot.inference };
  if (!done) picture.lastPoll = to;
  // A picture that was there at the first poll of a later process says nothing about how long it took.
  if (picture.submits === 0) return;
  const schedule = picture.frame.policy.schedule ?? hostOf(picture).schedule;
  schedule?.observe?.({ ...describeJob(picture), from, to, done, ...inference });
}
