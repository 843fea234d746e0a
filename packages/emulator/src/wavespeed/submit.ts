import { randomUUID } from 'node:crypto';
import type { Exchange } from '../http/endpoint.ts';
import { isObject, json, type Reply } from '../http/message.ts';
import type { Job } from '../jobs/job.ts';
import { age, isFinished } from '../jobs/progress.ts';
import { failure, success } from './envelope.ts';
import { readInputs, toPictures } from './inputs.ts';
import { findModel, type Inputs, priceOf, type WavespeedModel } from './models.ts';
import { toPrediction } from './prediction.ts';
import { announce } from './webhook.ts';

/** POST /api/v3/{model_id}: every accepted one is charged. */
export async function submit(exchange: Exchange, modelId: string): Promise<Reply> {
  const { call, json: body, world } = exchange;
  const model = findModel(modelId);
  if (!model) return failure(404, `model not found: ${modelId}`);
  if (!isObject(body)) return failure(400, 'the request body is not a JSON object');
  const read = readInputs(model, body);
  if ('problem' in read) return failure(400, read.problem);
  const { inputs } = read;
  const webhook = call.url.searchParams.get('webhook') ?? undefined;
  if (webhook !== undefined && inputs.enable_base64_output === true) {
    return json(400, { error: 'enable_base64_output is not supported with a webhook' });
  }
  if (priceOf(model, inputs) > world.jobs.balance('wavespeed')) return failure(402, 'insufficient balance');

  const job = accept(exchange, model, body, inputs, webhook);
  if (webhook !== undefined) announce(world, job);
  return inputs.enable_sync_mode === true
    ? whenDone(exchange, job)
    : success(await toPrediction(world, job, job.origin));
}

function accept(
  { world, apiKey, origin, fault, foreign }: Exchange,
  model: WavespeedModel,
  input: Inputs,
  inputs: Inputs,
  webhook?: string,
) {
  const id = randomUUID().replaceAll('-', '');
  return world.jobs.accept(
    {
      host: 'wavespeed',
      id,
      model: model.id,
      input,
      apiKey,
      origin,
      price: { amount: priceOf(model, inputs), currency: 'USD' },
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
