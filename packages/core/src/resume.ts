import type { Call, CallOptions } from './call.ts';
import { parseCall } from './call.ts';
import type { Job } from './contract/job.ts';
import { isHedge } from './engine/hedge.ts';
import { runIntent } from './engine/intent-run.ts';
import { ImageError } from './errors/image-error.ts';
import { toImageError } from './generate.ts';
import type { GeneratedImage } from './image/picture.ts';
import { foldRecord, type Ledger, type LedgerRecord } from './ledger/ledger.ts';
import type { ImageModel, RouteModel } from './provider/provider.ts';
import { invalid } from './request/options.ts';
import { toPicture } from './result.ts';
import { startDeadline } from './time/deadline.ts';

export interface ResumeImagesOptions
  extends Pick<CallOptions, 'timeout' | 'signal' | 'onEvent' | 'interval' | 'pace' | 'webhooks' | 'maxCost'> {
  readonly ledger: Ledger;
  /** Models, or only their hosts' accounts, through which open intents may be finished. */
  readonly models: readonly ImageModel[];
  /** Runs for every picture before its intent counts as delivered. */
  readonly deliver?: ((image: GeneratedImage, intentId: string) => void | Promise<void>) | undefined;
}

/** What became of one open intent. */
export interface ResumedIntent {
  readonly intentId: string;
  readonly images: readonly GeneratedImage[];
  /** Why there is no picture; `billed` says what it cost. */
  readonly error?: ImageError;
}

/**
 * Finishes every open intent of a ledger, after a crash or a deadline: looks for accepted jobs, repeats or reconciles
 * ambiguous ones, sends what was never sent, hands over finished ones. What stays unknown is reported and stays open.
 */
export async function resumeImages(options: ResumeImagesOptions): Promise<ResumedIntent[]> {
  const { ledger, models, deliver } = options;
  const [model] = models;
  if (!model) throw invalid('`models` must name at least one model');
  const { timeout, signal, onEvent, interval, pace, webhooks, maxCost } = options;
  const call = parseCall({
    model,
    prompt: 'resume',
    timeout,
    signal,
    onEvent,
    interval,
    pace,
    webhooks,
    maxCost,
    ledger,
  });
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  for (const record of records) claimJob(record, models);
  return Promise.all(records.map((record) => resumeOne(call, record, models, deliver)));
}

async function resumeOne(
  call: Call,
  record: LedgerRecord,
  models: readonly ImageModel[],
  deliver: ResumeImagesOptions['deliver'],
): Promise<ResumedIntent> {
  const { intent } = record;
  const deadline = startDeadline(call.timeout, call.signal);
  try {
    // A hedge that was never sent has lost its reason.
    if (isHedge(intent) && foldRecord(record).phase === 'new') return await drop(call.ledger, intent);
    const route = toRoute(record, models);
    if (onlyParked(record)) throw parked(record);
    const { run, finished } = await runIntent({ ...call, deadline }, intent, 0, route);
    const images = finished.snapshot.outputs.map((output) => toPicture(finished, output));
    try {
      for (const image of images) await deliver?.(image, intent.id);
    } catch (error) {
      return { intentId: intent.id, images, error: undelivered(intent.id, finished.submission.state.job, error) };
    }
    await run.record({ type: 'delivered', at: Date.now() });
    const { job } = finished.submission.state;
    run.emit({ type: 'settled', outcome: 'completed', billed: 'yes', cost: finished.cost, ...(job ? { job } : {}) });
    return { intentId: intent.id, images };
  } catch (error) {
    return { intentId: intent.id, images: [], error: toImageError(error, deadline) };
  } finally {
    deadline.dispose();
  }
}

async function drop(ledger: Ledger, { id }: LedgerRecord['intent']): Promise<ResumedIntent> {
  const claim = await ledger.claim(id, crypto.randomUUID(), 10_000);
  if (claim) await ledger.append(id, claim.fence, { type: 'delivered', at: Date.now() });
  return { intentId: id, images: [] };
}

/** The models of the intent's own route, at the accounts that were given. */
function toRoute(record: LedgerRecord, models: readonly ImageModel[]): RouteModel[] {
  const targets = record.intent.route;
  const route = targets.flatMap(({ provider, modelId, overrides }) => {
    const account = models.find((each) => each.provider.adapter.name === provider)?.provider;
    return account ? [{ ...account(modelId), ...(overrides ? { overrides } : {}) }] : [];
  });
  if (route.length > 0) return route;
  const names = targets.map(({ provider }) => provider).join(', ');
  const billed = foldRecord(record).job ? 'yes' : 'unknown';
  const job = foldRecord(record).job;
  throw new ImageError({
    code: 'not_found',
    message: `The intent belongs to ${names}: give \`models\` of that host to finish it`,
    billed,
    stage: 'prepare',
    intentId: record.intent.id,
    ...(job ? { job } : {}),
  });
}

/** The wish itself is done with; only an attempt that `onAmbiguous: 'proceed'` left behind is still a question. */
function onlyParked(record: LedgerRecord): boolean {
  const { phase } = foldRecord(record);
  return phase === 'delivered' || phase === 'closed';
}

function parked({ intent, ...record }: LedgerRecord): ImageError {
  const [attempt] = foldRecord({ intent, ...record }).parked;
  return new ImageError({
    code: 'submission_unknown',
    message: `${attempt?.target.provider}:${attempt?.target.modelId} may have accepted an earlier attempt of this intent. Look at the host's job list, then settle the intent by hand.`,
    billed: 'unknown',
    stage: 'submit',
    intentId: intent.id,
  });
}

/** A job that is known to belong to one intent must not be taken for the lost one of another. */
function claimJob(record: LedgerRecord, models: readonly ImageModel[]): void {
  const { job } = foldRecord(record);
  if (!job) return;
  for (const { provider } of models) if (provider.adapter.name === job.provider) provider['~host'].claimed.add(job.id);
}

/** One picture that cannot be delivered must not keep the others from being finished. Its intent stays open. */
function undelivered(intentId: string, job: Job | undefined, cause: unknown): ImageError {
  if (ImageError.is(cause)) return cause;
  const said = cause instanceof Error ? cause.message : 'it gave no reason';
  return new ImageError({
    code: 'unavailable',
    reason: 'not_saved',
    message: `The picture of intent ${intentId} was not delivered: ${said}. It is paid, and stays open`,
    billed: 'yes',
    stage: 'download',
    intentId,
    cause,
    ...(job ? { job } : {}),
  });
}
