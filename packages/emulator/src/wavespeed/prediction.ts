import type { Job } from '../jobs/job.ts';
import { outputUrls } from '../jobs/outputs.ts';
import { completedAt, isFinished, outputCount, phaseOf } from '../jobs/progress.ts';
import type { World } from '../world.ts';
import { wavespeedStatus } from './status.ts';

const failures = {
  moderated: { code: 1200, error: 'The content was flagged as potentially sensitive. Please change the prompt.' },
  failed: { code: 1405, error: 'Task failed: the model could not generate a picture.' },
};

/** A job in the form that submit, result, list and webhooks share. */
export async function toPrediction(world: World, job: Job, origin = job.origin): Promise<Record<string, unknown>> {
  const completed = phaseOf(job) === 'completed';
  const outputs = job.base64 && completed ? await base64Outputs(world, job) : outputUrls(job, origin);
  return {
    id: job.id,
    model: job.model,
    outputs: job.deleted ? [] : outputs,
    urls: { get: `${origin}/wavespeed/api/v3/predictions/${job.id}/result` },
    has_nsfw_contents: completed ? outputs.map(() => job.ending === 'nsfw') : [],
    status: wavespeedStatus(job),
    created_at: nanoseconds(job.createdAt),
    ...failure(job),
    timings: { inference: isFinished(job) ? job.duration : 0 },
    ...(isFinished(job) ? { executionTime: Math.round(completedAt(job) - job.createdAt) } : {}),
  };
}

function failure(job: Job): { error: string; code?: number } {
  if (phaseOf(job) === 'cancelled') return { error: job.error ?? 'Task cancelled' };
  if (phaseOf(job) !== 'failed') return { error: '' };
  const { code, error } = failures[job.ending === 'moderated' ? 'moderated' : 'failed'];
  return { error: job.error ?? error, code };
}

function base64Outputs(world: World, job: Job): Promise<string[]> {
  const picture = async (_: unknown, index: number) => {
    const bytes = await world.gallery.picture(job, index + 1);
    return Buffer.from(bytes).toString('base64');
  };
  return Promise.all(Array.from({ length: outputCount(job) }, picture));
}

const nanoseconds = (time: number): string => new Date(time).toISOString().replace('Z', '000000Z');
