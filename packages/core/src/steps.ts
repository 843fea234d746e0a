import { type CallOptions, parseCall } from './call.ts';
import type { JobSnapshot } from './contract/adapter.ts';
import type { Job } from './contract/job.ts';
import type { Cost } from './contract/result.ts';
import { describeExchange, exchangeFacts, failure } from './engine/failure.ts';
import { type Frame, openRun, runIntent } from './engine/intent-run.ts';
import { ask, readSnapshot } from './engine/look.ts';
import type { Watch } from './engine/run.ts';
import { paid, waitForJob } from './engine/wait.ts';
import { classifyLook } from './errors/classify.ts';
import { createPicture, type GeneratedImage } from './image/picture.ts';
import { foldRecord, type Intent, type Ledger } from './ledger/ledger.ts';
import type { ImageModel } from './provider/provider.ts';
import { invalid } from './request/options.ts';
import { DeadlineReached, startDeadline } from './time/deadline.ts';

/** How a job stands. */
export interface JobStatus {
  readonly job: Job;
  readonly state: JobSnapshot['state'];
  /** 0 to 100, where the host reports it. */
  readonly progress: number | undefined;
  /** The pictures, once completed. */
  readonly images: readonly GeneratedImage[];
  readonly cost: Cost;
  /** The host's words about a failed job. */
  readonly message: string | undefined;
}

export type WaitOptions = Pick<CallOptions, 'timeout' | 'signal' | 'onEvent' | 'interval' | 'pace' | 'webhooks'>;

/** Looks once at a job. Free. Throws `ImageError` when the host does not tell. */
export async function pollImage(model: ImageModel, job: Job, options: WaitOptions = {}): Promise<JobStatus> {
  return watching(model, job, { timeout: 30_000, ...options }, async (watch) => {
    const { host, run } = watch;
    const exchange = await ask(watch, host.adapter.toPoll(job.id));
    run.deadline.signal.throwIfAborted();
    const snapshot = readSnapshot(host.adapter, exchange);
    if (snapshot?.id === job.id) return toStatus(watch, job, snapshot);
    const verdict = classifyLook(exchange.status);
    const codes = { again: 'unavailable', missing: 'not_found', gone: 'result_expired' } as const;
    const code = verdict === 'unauthenticated' ? verdict : codes[verdict];
    throw paid(watch, job, code, describeExchange(exchange, snapshot), exchangeFacts(exchange));
  });
}

export interface WaitForImageOptions extends WaitOptions {
  /** The ledger that `submitImage` wrote to: its intent is closed when the picture is there. */
  readonly ledger?: Ledger | undefined;
}

/** Waits for a job that was submitted before, here or elsewhere. Throws `ImageError` as `generateImage` does. */
export async function waitForImage(model: ImageModel, job: Job, options: WaitForImageOptions = {}): Promise<JobStatus> {
  const { ledger, ...waiting } = options;
  return watching(model, job, waiting, async (watch) => {
    const intent = ledger && (await findIntent(ledger, job));
    if (!ledger || !intent) {
      const snapshot = await waitForJob(watch, job);
      const cost = snapshot.cost ? { cost: snapshot.cost } : {};
      watch.run.emit({ type: 'settled', outcome: 'completed', billed: 'yes', job, ...cost });
      return toStatus(watch, job, snapshot);
    }
    const frame = { ...watch.run, ledger, onEvent: options.onEvent };
    const { run, finished } = await runIntent(frame, intent, 0, [model]);
    await run.record({ type: 'delivered', at: Date.now() });
    run.emit({ type: 'settled', outcome: 'completed', billed: 'yes', job, cost: finished.cost });
    return toStatus(watch, job, finished.snapshot);
  });
}

async function findIntent(ledger: Ledger, job: Job): Promise<Intent | undefined> {
  for await (const record of ledger.open()) if (foldRecord(record).job?.id === job.id) return record.intent;
  return undefined;
}

async function watching<T>(
  model: ImageModel,
  job: Job,
  options: WaitOptions,
  work: (watch: Watch) => Promise<T>,
): Promise<T> {
  const named = typeof job?.id === 'string' && job.id !== '' && typeof job.provider === 'string';
  if (!named) throw invalid('`job` must be what `submitImage` returned: { provider, modelId, id }');
  if (job.provider !== model?.provider?.adapter.name) {
    throw invalid(`\`job\` belongs to ${job?.provider}, the model to ${model?.provider?.adapter.name}`);
  }
  const call = parseCall({ ...options, model, prompt: 'a job that is under way' });
  const deadline = startDeadline(call.timeout, call.signal);
  const watch = openWatch(model, job, { ...call, deadline });
  try {
    watch.host.ready();
    return await work(watch);
  } catch (error) {
    if (!(error instanceof DeadlineReached)) throw error;
    throw failure(watch, 'timeout', 'while waiting for the job', { billed: 'yes', stage: 'poll', job });
  } finally {
    deadline.dispose();
  }
}

function openWatch(model: ImageModel, job: Job, frame: Frame): Watch {
  // What the job was asked for is not known here: its answer may carry the picture itself.
  const request = { prompt: '', images: [], fit: 'exact', responseFormat: 'base64', providerOptions: {} } as const;
  const intent = { id: job.id, createdAt: Date.now(), request, route: [] };
  const state = { submits: 0, doubt: false, job, acceptedAfter: 0 };
  return { run: openRun(frame, intent, 0), model, host: model.provider['~host'], state };
}

function toStatus(watch: Watch, job: Job, snapshot: JobSnapshot): JobStatus {
  const { host, model } = watch;
  const refresh = async (): Promise<string | undefined> => (await pollImage(model, job)).images[0]?.url;
  const enter = (signal: AbortSignal): Promise<() => void> => host.gate.enter('download', signal);
  const done = snapshot.state === 'completed';
  return {
    job,
    state: snapshot.state,
    progress: snapshot.progress,
    images: done
      ? snapshot.outputs.map((output) =>
          createPicture({ output, job, seed: undefined, fetch: host.fetch, local: host.isLocal(), refresh, enter }),
        )
      : [],
    cost: snapshot.cost ?? { source: 'unknown' },
    message: snapshot.message && host.quote(snapshot.message),
  };
}
