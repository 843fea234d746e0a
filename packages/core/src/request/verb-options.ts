import * as v from 'valibot';
import type { CallOptions } from '../call.ts';
import type { Job } from '../contract/job.ts';
import type { ImageRequest, Task, Variation } from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import type { ImageOptions, Without } from '../verbs.ts';
import { entries, readOptions, reference } from './entries.ts';
import { parseRequest, type Reader, type RequestOptions, toImageRequest } from './options.ts';
import { withoutUndefined } from './without-undefined.ts';

type Verb = Exclude<Task, 'generate'>;

/** What is asked for in a picture, of any verb. */
export type PictureOptions =
  | RequestOptions
  | Without<Extract<ImageOptions, { task: Verb }>, keyof CallOptions | 'deliver' | 'acknowledge'>;

const { outputFormat, fit, sync, responseFormat, providerOptions, unchecked, webhookUrl } = entries;
const shared = { outputFormat, fit, sync, responseFormat, providerOptions, unchecked, webhookUrl };
const prompt = v.optional(entries.prompt, '');
const { seed, resolution, mask } = entries;

const above = (least: number, like: string) =>
  v.pipe(
    v.number(`must be a number, such as ${like}`),
    v.finite(`must be a number, such as ${like}`),
    v.minValue(least, `must be at least ${least}`),
  );
const words = (like: string) => v.pipe(v.string(`must be text, such as ${like}`), v.nonEmpty('must not be empty'));

/** Without the time of its submit, which a job is known by or not and which changes nothing. */
const job = v.pipe(
  v.custom<Job>(isJob, 'must be a finished job as a result names it: { provider, modelId, id }'),
  v.transform(({ provider, modelId, id, origin }) => ({ provider, modelId, id, ...(origin ? { origin } : {}) })),
);
const variation = {
  action: words("'variation'"),
  job,
  index: v.optional(v.pipe(above(1, '1'), v.integer('must be a whole number from 1'))),
  zoom: v.optional(above(1, '1.5')),
  direction: v.optional(words("'left'")),
};

function isJob(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { provider, modelId, id } = value as Record<string, unknown>;
  return [provider, modelId, id].every((each) => typeof each === 'string' && each !== '');
}

/** What a verb takes: `own` is what it is about, the rest may differ from model to model. */
const verbs = {
  upscale: {
    name: 'upscaleImage',
    own: { image: reference },
    rest: { ...shared, prompt, seed, resolution, scale: v.optional(above(1, '2')) },
  },
  'remove-background': { name: 'removeBackground', own: { image: reference }, rest: shared },
  vary: { name: 'varyImage', own: variation, rest: { ...shared, prompt, seed, mask } },
};

/** Reads the options of one verb. Throws `invalid_request` where there is no such verb. */
export function toReader({ task = 'generate', ...options }: ImageOptions): Reader {
  if (!Object.hasOwn(verbs, task)) {
    throw invalid(`\`task\` must be one of generate, ${Object.keys(verbs).join(', ')}`);
  }
  const { name, own, rest } = verbs[task as Verb];
  // A caller without types may give what only `generateImage` has.
  if (((options as { readonly n?: unknown }).n ?? 1) !== 1) {
    throw invalid(`\`n\` is not an option of ${name}: call it once for each picture`);
  }
  return {
    whole: (given) => toRequest(task as Verb, readOptions(v.strictObject({ ...own, ...rest }), given, name) as Read),
    part: (given) => toRequest(task as Verb, readOptions(v.strictObject(rest), given, `a model in ${name}`) as Read),
  };
}

/** The options of the picture, of any verb, without those of the call. */
export function parsePicture(options: PictureOptions): ImageRequest {
  if (!('task' in options) || options.task === undefined) return parseRequest(options as RequestOptions);
  const { task, ...own } = options;
  return toReader({ task } as ImageOptions).whole(own);
}

/** What any of the schemas gives. */
type Read = Omit<Partial<ImageRequest>, 'images' | 'unchecked' | 'vary'> &
  Partial<Variation> &
  Pick<ImageRequest, 'fit' | 'providerOptions'> & { readonly image?: string; readonly unchecked?: boolean };

function toRequest(task: Verb, { image, action, job, index, zoom, direction, ...rest }: Read): ImageRequest {
  if (rest.scale !== undefined && rest.resolution) {
    throw invalid('`scale` excludes `resolution`: give the factor, or how large it is to become');
  }
  const vary = action && job ? { vary: withoutUndefined({ action, job, index, zoom, direction }) } : {};
  return toImageRequest({ prompt: '', ...rest, ...vary, task, images: image === undefined ? [] : [image] });
}
