import { type GenerateImageOptions, parseCall } from './call.ts';
import type { Job } from './contract/job.ts';
import { withEngine } from './engine.ts';
import { ready } from './ready.ts';

export type SubmitImageOptions = Omit<GenerateImageOptions, 'n' | 'deliver' | 'interval' | 'pace' | 'hedge'>;

/**
 * Submits and returns the paid job at once, for queues, webhooks and servers that must not hold a request. The intent
 * stays open in the ledger until `waitForImage` or `resumeImages` has delivered its picture.
 */
export async function submitImage(options: SubmitImageOptions): Promise<Job> {
  const call = await ready(parseCall({ ...options, n: 1 }));
  return withEngine(({ submit }) => submit(call));
}
