import { createHmac, randomUUID } from 'node:crypto';
import type { Job } from '../jobs/job.ts';
import { atProgress, deliver } from '../webhooks.ts';
import type { World } from '../world.ts';
import { secretOf } from './account.ts';
import { toPrediction } from './prediction.ts';

/** Posts the bare prediction, signed, when the job ends. */
export function announce(world: World, job: Job): void {
  const id = randomUUID();
  const create = async () => {
    const body = JSON.stringify({ ...(await toPrediction(world, job)), input: job.input });
    const timestamp = String(Math.floor((Date.now() + world.settings.clockSkew) / 1000));
    // The secret is used as text, unlike in Standard Webhooks, where it is base64.
    const key = secretOf(job.apiKey).replace(/^whsec_/, '');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v3,${signature}`,
    };
    return { body, headers };
  };
  atProgress(world, job, 1, () => {
    deliver(world, job, create).catch(() => undefined);
  });
}
