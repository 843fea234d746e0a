import type { Job } from '../jobs/job.ts';
import { drawGrid, drawPicture } from './draw.ts';
import { type Holdings, resolveSize } from './measure.ts';

const kept = 32;

/** Draws the outputs of jobs when somebody asks for them, and keeps the latest. */
export interface Gallery {
  /** The n-th picture of a job, counted from 1, or all of them in one. */
  picture(job: Job, nth: number | 'grid'): Promise<Uint8Array>;
  clear(): void;
}

export function createGallery(holdings: Holdings, captioned: boolean): Gallery {
  const cache = new Map<string, Promise<Uint8Array>>();

  const draw = async ({ pictures }: Job, nth: number | 'grid'): Promise<Uint8Array> => {
    const size = await resolveSize(pictures.size, holdings);
    const one = (index: number) => ({ ...pictures, size, captioned, seed: pictures.seed + index });
    return nth === 'grid' ? drawGrid([0, 1, 2, 3].map(one)) : drawPicture(one(nth - 1));
  };

  return {
    picture: (job, nth) => {
      const name = `${job.id} ${nth}`;
      const picture = cache.get(name) ?? draw(job, nth);
      // Put in again, so that the oldest entry is the one that was not asked for longest.
      cache.delete(name);
      cache.set(name, picture);
      const [oldest] = cache.keys();
      if (cache.size > kept && oldest !== undefined) cache.delete(oldest);
      return picture;
    },
    clear: () => cache.clear(),
  };
}
