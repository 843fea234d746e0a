import type { Job } from '../contract/job.ts';
import type { ImageError } from '../errors/image-error.ts';
import { sniffDelivered } from './media-type.ts';
import { readPixels } from './pixels.ts';
import { downloadError, type PictureSource } from './read-picture.ts';
import { type Follower, followPicture } from './walk.ts';

/** Looks at a file while it comes. What is no picture, or not all of one, throws `output_invalid`. */
export interface Inspector {
  /** Read from the bytes themselves; undefined until there are any. */
  readonly known: {
    readonly mediaType?: string | undefined;
    readonly width?: number;
    readonly height?: number;
    readonly cut?: boolean;
  };
  /** Takes the first bytes. */
  begin(bytes: Uint8Array): Follower;
  take(file: Follower, bytes: Uint8Array): void;
  /** `mayHeal`: there is another try, which may bring what is missing. */
  finish(file: Follower, mayHeal: boolean): void;
}

export function createInspector({ job, onCut }: Pick<PictureSource, 'job' | 'onCut'>): Inspector {
  let known: Inspector['known'] = {};
  const take = (file: Follower | undefined, bytes: Uint8Array): Follower => {
    if (file?.take(bytes)) return file;
    throw invalid(job, 'what came is not a picture');
  };
  return {
    get known() {
      return known;
    },
    begin(bytes) {
      const mediaType = sniffDelivered(bytes);
      const file = take(mediaType && followPicture(mediaType), bytes);
      known = { ...known, mediaType, ...readPixels(bytes) };
      return file;
    },
    take: (file, bytes) => void take(file, bytes),
    finish(file, mayHeal) {
      const ended = file.end();
      const cut = ended === 'cut';
      if (ended === undefined || (cut && mayHeal)) throw invalid(job, 'the picture ends before it is whole');
      if (cut && !known.cut) onCut?.();
      known = { ...known, cut };
    },
  };
}

const invalid = (job: Job, problem: string): ImageError =>
  downloadError(job, 'invalid_response', problem, { reason: 'output_invalid' });
