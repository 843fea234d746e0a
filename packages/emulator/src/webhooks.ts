import type { Job } from './jobs/job.ts';
import { age } from './jobs/progress.ts';
import type { World } from './world.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Runs once the job has come so far. */
export function atProgress(world: World, job: Job, share: number, task: () => void): void {
  if (job.ending === 'never' && share === 1) return;
  // Rounded up, because a timer may fire a fraction of a millisecond early.
  world.timers.later(Math.ceil(Math.max(0, job.duration * share - age(job)) + 1), task);
}

/** Posts one event until somebody answers 2xx, or the tries are used up. Every try is signed anew. */
export async function deliver(world: World, job: Job, create: () => Promise<Delivery>): Promise<void> {
  const { tries, backoff } = world.settings.webhooks;
  job.webhookStatus = 'pending';
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) await world.timers.sleep(backoff * 2 ** (attempt - 1));
    if (await posted(world, job, await create())) {
      job.webhookStatus = 'delivered';
      return;
    }
  }
  job.webhookStatus = 'failed';
}

async function posted({ settings }: World, { webhook = '' }: Job, { body, headers }: Delivery): Promise<boolean> {
  // Nobody's real server shall hear from a test that used a real address.
  if (!settings.deliver && !loopback.test(new URL(webhook).hostname)) return false;
  const send = settings.deliver ?? fetch;
  try {
    const response = await send(webhook, { method: 'POST', headers, body, redirect: 'manual' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
