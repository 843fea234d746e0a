import { type GenerateImageOptions, parseCall } from './call.ts';
import type { Job } from './contract/job.ts';
import { submitIntent } from './engine/intent-run.ts';
import { toImageError, toIntent } from './generate.ts';
import { startDeadline } from './time/deadline.ts';

export type SubmitImageOptions = Omit<GenerateImageOptions, 'n' | 'deliver' | 'interval' | 'pace' | 'hedge'>;

/**
 * Submits and returns the paid job at once, for queues, webhooks and servers that must not hold a request. The intent
 * stays open in the ledger until `waitForImage` or `resumeImages` has brought its picture.
 */
export async function submitImage(options: SubmitImageOptions): Promise<Job> {
  const call = parseCall({ ...options, n: 1 });
  const deadline = startDeadline(call.timeout, call.signal);
  try {
    return await submitIntent({ ...call, deadline }, toIntent(call, 0), call.route);
  } catch (error) {
    throw toImageError(error, deadline);
  } finally {
    deadline.dispose();
  }
}
