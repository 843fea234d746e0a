import { type CallOptions, parseCall } from './call.ts';
import type { JobSnapshot } from './contract/adapter.ts';
import type { Job } from './contract/job.ts';
import type { Cost } from './contract/result.ts';
import { invalid } from './errors/invalid.ts';
import type { ImageModel } from './host/provider.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Ledger } from './ledger/ledger.ts';
import { isModel } from './request/target.ts';

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

export type WaitOptions = Pick<
  CallOptions,
  'timeout' | 'jobTimeout' | 'signal' | 'onEvent' | 'interval' | 'pace' | 'webhooks'
>;

/** Polls a job once. Free. Throws `ImageError` if the host gives no answer about it. */
export async function pollImage(model: ImageModel, job: Job, options: WaitOptions = {}): Promise<JobStatus> {
  check(model, job);
  const call = parseCall({ timeout: 30_000, ...options, model, prompt: 'a job' });
  return (await import('./picture/jobs.ts')).poll(model, job, call);
}

export interface WaitForImageOptions extends WaitOptions {
  /** The ledger that `submitImage` wrote to: its intent is closed when the picture is there. */
  readonly ledger?: Ledger | undefined;
}

/** Waits for a job that was submitted before, here or elsewhere. Throws `ImageError` as `generateImage` does. */
export async function waitForImage(model: ImageModel, job: Job, options: WaitForImageOptions = {}): Promise<JobStatus> {
  check(model, job);
  const call = parseCall({ ...options, model, prompt: 'a job' });
  return (await import('./picture/jobs.ts')).wait(model, job, call);
}

function check(model: ImageModel, job: Job): void {
  if (!isModel(model)) throw invalid("`model` must be a model such as wavespeed('seedream-4')");
  const named = typeof job?.id === 'string' && job.id !== '' && typeof job.provider === 'string';
  if (!named) throw invalid('`job` must be what `submitImage` returned: { provider, modelId, id }');
  if (job.provider !== model?.provider?.adapter.name) {
    throw invalid(`\`job\` belongs to ${job?.provider}, the model to ${model?.provider?.adapter.name}`);
  }
}
