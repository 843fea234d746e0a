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
  if (!settings.deliver && !isNamed(webhook, settings.webhooks.ports)) return false;
  const send = settings.deliver ?? fetch;
  try {
    const response = await send(webhook, { method: 'POST', headers, body, redirect: 'manual' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Neither somebody's real server nor another program of this machine shall hear from a test that did not mean it. */
function isNamed(webhook: string, ports: readonly number[]): boolean {
  const { hostname, port, protocol } = new URL(webhook);
  if (!loopback.test(hostname)) return false;
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  if (ports.includes(number)) return true;
  process.emitWarning(
    `no webhook is sent to port ${number}: name it in the options, { webhookDelivery: { ports: [${number}] } }`,
    'EmulatorWarning',
  );
  return false;
}
