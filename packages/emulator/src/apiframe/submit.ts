import { randomUUID } from 'node:crypto';
import type { ApiframeAction } from '../catalogue/document.ts';
import type { Exchange, Handler } from '../http/endpoint.ts';
import { isObject, json, type Reply, toText } from '../http/message.ts';
import type { Job } from '../jobs/job.ts';
import { referenceOf } from '../picture/extent.ts';
import { isUnreadable } from '../picture/measure.ts';
import type { PictureRequest } from '../picture/request.ts';
import type { Replay } from '../world.ts';
import { creditsOf } from './catalogue.ts';
import { findParent, fromParent } from './midjourney.ts';
import { toPictures } from './pictures.ts';
import { apiframeStatus } from './status.ts';
import { type ApiframeRequest, readRequest } from './validate.ts';
import { announce } from './webhook.ts';

const day = 24 * 60 * 60 * 1000;

/** The handler of a POST under /v2/images: the job is accepted, charged, and never answered with a result. */
export const submitTo =
  (action: ApiframeAction): Handler =>
  (exchange) =>
    submit(exchange, action);

function submit(exchange: Exchange, action: ApiframeAction): Reply {
  const { call, json: body, world } = exchange;
  const key = call.headers['idempotency-key'];
  if (key !== undefined && key.length > 255)
    return json(400, { error: 'Idempotency-Key is longer than 255 characters' });
  const earlier = key === undefined ? undefined : findReplay(exchange, key);
  if (earlier) return replay(exchange, earlier);

  const read = readRequest(action, body);
  if ('problems' in read) return json(400, { error: 'Validation error', details: read.problems });
  const { request } = read;
  const id = randomUUID();
  const planned = plan(exchange, request, id);
  if ('problem' in planned) return json(400, { error: planned.problem });
  const credits = creditsOf(request.model, request.params);
  const available = Math.max(0, world.jobs.balance('apiframe'));
  if (credits > available) {
    return json(402, { error: 'Insufficient credits', creditsRequired: credits, creditsAvailable: available });
  }
  const job = accept(exchange, request, { id, credits, key, pictures: planned.pictures });
  // Only an accepted job uses the key up.
  if (key !== undefined) world.replays.set(scoped(exchange, key), toReplay(exchange, job));
  announce(world, job, request.webhookEvents);
  return json(202, { jobId: job.id, status: 'QUEUED' });
}

/** What will be drawn, or why the input does not do; both are known before anything is charged. */
function plan(
  { world, origin }: Exchange,
  request: ApiframeRequest,
  id: string,
): { pictures: PictureRequest } | { problem: string } {
  const { action } = request.model;
  if (action === 'midjourney-action') {
    const found = findParent(world, request);
    return 'problem' in found ? found : { pictures: fromParent(request, found.parent, id) };
  }
  const image = referenceOf(request.params);
  if (action === 'upscale' && image !== undefined && isUnreadable(image, origin, world)) {
    return { problem: 'Could not read the input image' };
  }
  return { pictures: toPictures(request, id) };
}

interface Accepted {
  readonly id: string;
  readonly credits: number;
  readonly key: string | undefined;
  readonly pictures: PictureRequest;
}

function accept(exchange: Exchange, request: ApiframeRequest, { id, credits, key, pictures }: Accepted): Job {
  const { world, apiKey, origin, fault, foreign, json: body } = exchange;
  return world.jobs.accept(
    {
      host: 'apiframe',
      id,
      model: pictures.model,
      input: isObject(body) ? body : {},
      apiKey,
      origin,
      price: { amount: credits, currency: 'credit' },
      pictures,
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
