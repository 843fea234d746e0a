import type { Family } from '../contract/family.ts';
import type { Adaptation, ImageRequest } from '../contract/request.ts';
import { Unfit } from './extent.ts';

/** The documented longest prompt: over it the host cuts or refuses, which `fit: 'nearest'` leaves to the host. */
export function checkPrompt(family: Family, { prompt, fit, unchecked }: ImageRequest, adaptations: Adaptation[]): void {
  const { maxPrompt, accepts, task = 'generate' } = family;
  const takes = accepts.prompt ?? (task === 'generate' ? 'required' : 'none');
  const isNotKnown = family.fields === 'any' && unchecked;
  if (prompt === '' && takes === 'required' && !isNotKnown) throw new Unfit('prompt', 'must not be empty', true);
  if (prompt !== '' && takes === 'none') throw new Unfit('prompt', 'the model takes none; leave it empty');
  const length = [...prompt].length;
  if (maxPrompt === undefined || length <= maxPrompt) return;
  const reason = `the host documents at most ${maxPrompt} characters`;
  if (fit === 'exact')
    throw new Unfit('prompt', `it has ${length} characters, ${reason}; shorten it or give fit: 'nearest'`);
  adaptations.push({ option: 'prompt', asked: `${length} characters`, sent: 'all of them', reason });
}

/** Reference pictures, and a mask for the first of them. */
export function checkImages({ accepts, fields, untold }: Family, { images, mask, vary }: ImageRequest): void {
  const { min, max } = accepts.images ?? { min: 0, max: 0 };
  if (images.length > max) {
    throw new Unfit(
      'images',
      max === 0 ? withoutImages(untold) : `${images.length} given, the model takes ${max} at most`,
    );
  }
  if (images.length < min) {
    throw new Unfit('images', `the model needs ${min === 1 ? 'a reference picture' : `${min} reference pictures`}`);
  }
  if (mask !== undefined && !accepts.mask) throw new Unfit('mask', withoutMask(fields));
  if (mask !== undefined && images.length === 0 && !vary)
    throw new Unfit('mask', 'give the picture that it is for in `images`', true);
  if (mask === undefined && accepts.mask === 'required')
    throw new Unfit('mask', 'the model needs one, white where the picture may change');
}

/** Why pictures are refused: there are none, or where they go is not known. */
const withoutImages = (untold = false): string =>
  untold ? 'in which field they go is not known; give them in `providerOptions`' : 'the model takes none';

/** Why a mask is refused: there is none, or which of its colours changes is not known. */
function withoutMask(fields: Family['fields']): string {
  const own = fields === 'any' ? undefined : ['mask', 'mask_image'].find((name) => Object.hasOwn(fields, name));
  if (own === undefined) return 'the model takes none';
  return `which of its colours changes is not known; \`${own}\` in \`providerOptions\` sends one all the same`;
}
