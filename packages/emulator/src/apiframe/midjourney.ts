import type { Job } from '../jobs/job.ts';
import { phaseOf } from '../jobs/progress.ts';
import type { PictureRequest } from '../picture/request.ts';
import { hash } from '../random.ts';
import type { World } from '../world.ts';
import type { Params } from './catalogue.ts';
import type { ApiframeRequest } from './validate.ts';

/** What each action works on: the four pictures of a grid, or one of them by itself. */
const parents: Readonly<Record<string, 'grid' | 'upsample'>> = {
  upsample: 'grid',
  variation: 'grid',
  inpaint: 'upsample',
  outpaint: 'upsample',
  pan: 'upsample',
};

/** The job that an action goes on from, or why it cannot. */
export function findParent({ jobs }: World, { model, params }: ApiframeRequest): { parent: Job } | { problem: string } {
  const parent = jobs.find('apiframe', String(params.parentJobId));
  if (parent?.pictures.model !== 'midjourney') return { problem: 'Parent job not found' };
  if (phaseOf(parent) !== 'completed') return { problem: 'Parent job is not completed' };
  const kind = parent.pictures.grid ? 'grid' : 'upsample';
  const wanted = parents[model.id];
  return kind === wanted ? { parent } : { problem: `Action "${model.id}" needs a parent that is a finished ${wanted}` };
}

/** What comes out of an action: one of the parent's pictures as it is, or four new ones. */
export function fromParent({ model, params, prompt }: ApiframeRequest, parent: Job, jobId: string): PictureRequest {
  const { grid: _, ...before } = parent.pictures;
  if (model.id === 'upsample') return { ...before, seed: before.seed + Number(params.index) - 1, count: 1 };
  return {
    ...before,
    prompt: prompt === '' ? before.prompt : prompt,
    seed: hash(jobId),
    count: 4,
    grid: true,
    size: model.id === 'pan' ? panned(before.size, params) : before.size,
  };
}

function panned(size: PictureRequest['size'], { direction }: Params): PictureRequest['size'] {
  if ('like' in size) return size;
  const sideways = direction === 'left' || direction === 'right';
  const { width, height } = size;
  return sideways ? { width: Math.round(width * 1.5), height } : { width, height: Math.round(height * 1.5) };
}
