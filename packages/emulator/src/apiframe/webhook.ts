import { createHash, createHmac } from 'node:crypto';
import type { Job } from '../jobs/job.ts';
import { completedAt, phaseOf, progressOf } from '../jobs/progress.ts';
import { atProgress, deliver } from '../webhooks.ts';
import type { World } from '../world.ts';
import { errorOf, resultOf } from './view.ts';

/** Posts the events that were asked for: one in the middle of the work, one at its end. */
export function announce(world: World, job: Job, events: readonly string[]): void {
  if (job.webhook === undefined) return;
  job.webhookStatus = 'pending';
  const send = (event: string) => {
    if (events.includes(event)) deliver(world, job, async () => signed(world, job, event)).catch(() => undefined);
  };
  atProgress(world, job, 0.5, () => send('progress'));
  atProgress(world, job, 1, () => send(phaseOf(job) === 'completed' ? 'completed' : 'failed'));
}

function signed({ settings }: World, job: Job, event: string) {
  const body = JSON.stringify({ event, jobId: job.id, model: job.model, ...details(job, event) });
  const digest = createHash('sha256').update(job.apiKey);
  const key = settings.webhooks.apiframeKey === 'hex' ? digest.digest('hex') : digest.digest();
  const headers = {
    'content-type': 'application/json',
    'X-Webhook-Event': event,
    'X-Webhook-Signature': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  };
  return { body, headers };
}

function details(job: Job, event: string) {
  if (event === 'progress') return { status: 'PROCESSING', progress: progressOf(job) };
  if (event === 'failed') return { status: 'FAILED', error: errorOf(job) };
  return {
    status: 'COMPLETED',
    progress: 100,
    result: resultOf(job, job.origin),
    creditCost: job.price.amount,
    completedAt: new Date(completedAt(job)).toISOString(),
  };
}
