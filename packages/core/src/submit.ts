import type { Job } from './contract/job.ts';
import { withEngine } from './engine.ts';
import { openCall } from './ready.ts';
import type { ImageOptions, Without } from './verbs.ts';

export type SubmitImageOptions = Without<ImageOptions, 'n' | 'deliver' | 'acknowledge' | 'interval' | 'pace' | 'hedge'>;

/**
 * Submits and returns the paid job at once, for queues, webhooks and servers that must not hold a request. The intent
 * stays open in the ledger until `waitForImage` or `resumeImages` has delivered its picture.
 */
export async function submitImage(options: SubmitImageOptions): Promise<Job> {
  const call = await openCall({ ...options, n: 1 } as ImageOptions);
  return withEngine(({ submit }) => submit(call));
}
