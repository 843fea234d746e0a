import { randomUUID } from 'node:crypto';
import type { Exchange } from '../http/endpoint.ts';
import { isObject, json, type Reply, toText } from '../http/message.ts';
import type { Job } from '../jobs/job.ts';
import type { Replay } from '../world.ts';
import { creditsOf } from './families.ts';
import { toPictures } from './pictures.ts';
import { apiframeStatus } from './status.ts';
import { type GenerateRequest, validate } from './validate.ts';
import { announce } from './webhook.ts';

const day = 24 * 60 * 60 * 1000;

/** POST /v2/images/generate: accepted, charged, and never answered with a result. */
export function generate(exchange: Exchange): Reply {
  const { call, json: body, world } = exchange;
  const key = call.headers['idempotency-key'];
  if (key !== undefined && key.length > 255)
    return json(400, { error: 'Idempotency-Key is longer than 255 characters' });
  const earlier = key === undefined ? undefined : findReplay(exchange, key);
  if (earlier) return replay(exchange, earlier);

  const read = validate(body);
  if ('problems' in read) return json(400, { error: 'Validation error', details: read.problems });
  const { request } = read;
  const credits = creditsOf(request.family, request.model, request.params);
  const available = Math.max(0, world.jobs.balance('apiframe'));
  if (credits > available) {
    return json(402, { error: 'Insufficient credits', creditsRequired: credits, creditsAvailable: available });
  }
  const job = accept(exchange, request, credits, key);
  // Only an accepted job uses the key up.
  if (key !== undefined) world.replays.set(scoped(exchange, key), toReplay(exchange, job));
  announce(world, job, request.webhookEvents);
  return json(202, { jobId: job.id, status: 'QUEUED' });
}

function accept(
  { world, apiKey, origin, fault, foreign, json: body }: Exchange,
  request: GenerateRequest,
  amount: number,
  key?: string,
): Job {
  const id = randomUUID();
  return world.jobs.accept(
    {
      host: 'apiframe',
      id,
      model: request.model,
      input: isObject(body) ? body : {},
      apiKey,
      origin,
      price: { amount, currency: 'credit' },
      pictures: toPictures(request, id),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      ...(foreign ? { foreign } : {}),
      ...(request.webhookUrl === undefined ? {} : { webhook: request.webhookUrl }),
    },
    fault,
  );
}

const scoped = ({ apiKey }: Exchange, key: string): string => `${apiKey} ${key}`;

function findReplay(exchange: Exchange, key: string): Replay | undefined {
  const earlier = exchange.world.replays.get(scoped(exchange, key));
  return earlier && performance.now() - earlier.born < day ? earlier : undefined;
}

const toReplay = ({ bytes }: Exchange, job: Job): Replay => ({ body: toText(bytes), jobId: job.id, born: job.born });

function replay({ bytes, world }: Exchange, earlier: Replay): Reply {
  if (earlier.body !== toText(bytes)) {
    return json(409, { error: 'Idempotency-Key was used with a different request body' });
  }
  const job = world.jobs.find('apiframe', earlier.jobId);
  return json(202, { jobId: earlier.jobId, status: job ? apiframeStatus(job) : 'QUEUED' });
}
