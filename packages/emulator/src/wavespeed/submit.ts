import { randomUUID } from 'node:crypto';
import type { WavespeedModel } from '../catalogue/document.ts';
import type { Exchange } from '../http/endpoint.ts';
import { isObject, json, type Reply } from '../http/message.ts';
import type { Job } from '../jobs/job.ts';
import { age, isFinished } from '../jobs/progress.ts';
import { findModel, type Inputs } from './catalogue.ts';
import { failure, success } from './envelope.ts';
import { readInputs } from './inputs.ts';
import { toPictures } from './pictures.ts';
import { toPrediction } from './prediction.ts';
import { priceOf } from './price.ts';
import { announce } from './webhook.ts';

/** POST /api/v3/{model_id}: every accepted one is charged. */
export async function submit(exchange: Exchange, modelId: string): Promise<Reply> {
  const { call, json: body, world } = exchange;
  const model = findModel(modelId, world.settings);
  if (!model) return failure(404, `model not found: ${modelId}`);
  if (!isObject(body)) return failure(400, 'the request body is not a JSON object');
  const read = readInputs(model, body);
  if ('problem' in read) return failure(400, read.problem);
  const { inputs } = read;
  const webhook = call.url.searchParams.get('webhook') ?? undefined;
  if (webhook !== undefined && inputs.enable_base64_output === true) {
    return json(400, { error: 'enable_base64_output is not supported with a webhook' });
  }
  const usd = await priceOf(model, inputs);
  if (usd > world.jobs.balance('wavespeed')) return failure(402, 'insufficient balance');

  const job = accept(exchange, { model, inputs, usd, webhook });
  if (webhook !== undefined) announce(world, job);
  return inputs.enable_sync_mode === true
    ? whenDone(exchange, job)
    : success(await toPrediction(world, job, job.origin));
}

interface Accepted {
  readonly model: WavespeedModel;
  readonly inputs: Inputs;
  readonly usd: number;
  readonly webhook: string | undefined;
}

function accept(exchange: Exchange, { model, inputs, usd, webhook }: Accepted): Job {
  const { world, apiKey, origin, fault, foreign, json: body } = exchange;
  const id = randomUUID().replaceAll('-', '');
  return world.jobs.accept(
    {
      host: 'wavespeed',
      id,
      model: model.id,
      input: isObject(body) ? body : {},
      apiKey,
      origin,
      price: { amount: usd, currency: 'USD' },
      pictures: toPictures(model, inputs, id),
      base64: inputs.enable_base64_output === true,
      ...(webhook === undefined ? {} : { webhook }),
      ...(foreign ? { foreign } : {}),
    },
    fault,
  );
}

async function whenDone({ world, fault }: Exchange, job: Job): Promise<Reply> {
  const patience = fault?.syncTimeout ? 0 : world.settings.syncWindow;
  const needed = job.ending === 'never' ? Infinity : job.duration - age(job);
  // Rounded up, because a timer may fire a fraction of a millisecond early.
  await world.timers.sleep(Math.ceil(Math.max(0, Math.min(needed + 1, patience))));
  const finished = isFinished(job) && !fault?.syncTimeout;
  const prediction = await toPrediction(world, job);
  if (finished) return success(prediction);
  const error = `Sync mode timed out, the task is still running. Prediction ID: ${job.id}`;
  return success({ ...prediction, status: 'processing', outputs: [], has_nsfw_contents: [], code: 5004, error });
}
