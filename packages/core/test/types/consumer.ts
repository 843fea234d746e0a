// A program as a caller writes it, with the lines that must not compile. `tsc -b` checks it against the sources, and
// compilers.test.ts checks it with every compiler that is supported, against the declarations that are published.
import { type ApiframeModelId, apiframe, createApiframe } from '@imageport/apiframe';
import {
  type Adapter,
  checkImage,
  createImageClient,
  createProvider,
  type ErrorCode,
  type GenerateImageOptions,
  generateImage,
  generateImages,
  ImageError,
  type ImageModel,
  type ImageOptions,
  imageOptions,
  type Job,
  type Provider,
  type Reason,
  type RouteTarget,
  removeBackground,
  submitImage,
  upscaleImage,
  varyImage,
} from '@imageport/core';
import { createWavespeed, type WavespeedModelId, wavespeed } from '@imageport/wavespeed';

const model = wavespeed('seedream-4');
const prompt = 'a lighthouse';
declare const text: string;
declare const width: number;

// Ids: those of the tables by name, any other as it is. What is computed at run time is a text like any other.
export const ids: (WavespeedModelId | ApiframeModelId)[] = ['seedream-4', 'bytedance/seedream-v4/edit', 'dreamina-3.1'];
// @ts-expect-error the type of the ids in the tables knows no other one
export const unknownId: WavespeedModelId = 'seedream-44';
export const others: ImageModel[] = [wavespeed('wavespeed-ai/flux-dev'), apiframe(text), wavespeed(text)];
// @ts-expect-error an id is a text
wavespeed(4);
export const providers: Provider[] = [createWavespeed(), createApiframe(), wavespeed];

// A host of one's own: its ids complete too, and it is a provider like any other.
declare const adapter: Adapter<'painter-2'>;
export const painter: Provider<'painter-2' | (string & {})> = createProvider(adapter);
export const painters: Provider[] = [painter];
export const painted: ImageModel[] = [painter('painter-2'), painter(text)];

export const calls: GenerateImageOptions[] = [
  { model, prompt, size: '2048*2048' },
  { model, prompt, size: '2048x1536' },
  { model, prompt, size: `${width}*${width}` },
  { model, prompt, aspectRatio: '16:9', resolution: '2K' },
  { model, prompt, size: undefined, aspectRatio: undefined, resolution: undefined, providerOptions: undefined },
  // @ts-expect-error no width and height
  { model, prompt, size: 'big' },
  // @ts-expect-error one side
  { model, prompt, size: '2048' },
  // @ts-expect-error an object is for results
  { model, prompt, size: { width: 1, height: 1 } },
  // @ts-expect-error a ratio has a colon
  { model, prompt, aspectRatio: '16x9' },
  // @ts-expect-error a ratio has two numbers
  { model, prompt, aspectRatio: 'wide' },
  // @ts-expect-error no such resolution
  { model, prompt, resolution: '16K' },
  // @ts-expect-error no such format
  { model, prompt, outputFormat: 'gif' },
  // @ts-expect-error a text that is computed at run time goes through imageOptions
  { model, prompt, size: text },
  // @ts-expect-error as above
  { model, prompt, aspectRatio: text },
  // @ts-expect-error as above
  { model, prompt, resolution: text },
  // @ts-expect-error a misspelt option
  { model, prompt, aspectratio: '16:9' },
];

// The way out for what is known at run time only: checked there, and typed from there on.
declare const config: { size?: string; aspectRatio?: string; resolution?: string; outputFormat?: string };
export const fromConfig: Promise<unknown>[] = [
  generateImage({ model, prompt, ...imageOptions(config) }),
  generateImage({ model, prompt, ...imageOptions({ size: config.size }) }),
  generateImage(imageOptions({ model, prompt: text, size: text, timeout: 1_000, providerOptions: { [text]: {} } })),
  // @ts-expect-error it is not there to leave something out
  generateImage(imageOptions({ prompt, size: text })),
];
// @ts-expect-error a misspelt option
imageOptions({ sise: text });
// @ts-expect-error a text is no number
imageOptions({ seed: text });

// Routes: a list needs a model, and a list that is computed at run time is checked there.
const computed: ImageModel[] = [model, apiframe('seedream-4')];
const targets = computed.map((each) => ({ model: each, seed: 7 }));
export const routes: GenerateImageOptions['model'][] = [
  model,
  [model, apiframe('seedream-4')],
  [model, { model: apiframe('seedream-3'), size: '1024*1024', providerOptions: { apiframe: { guidance_scale: 4 } } }],
  [model, model] as const,
  [
    { model, size: '1024*1024' },
    { model, size: '2048*2048' },
  ] as const,
  computed,
  targets,
  // @ts-expect-error a route of nothing
  [],
  // @ts-expect-error a provider is no model
  [wavespeed],
  // @ts-expect-error no width and height
  [{ model, size: 'big' }],
];
// @ts-expect-error a route of nothing
generateImage({ model: [], prompt });
// @ts-expect-error as above
generateImage({ model: [] as const, prompt });
export const target: RouteTarget = { model, aspectRatio: '1:1' };

// The other verbs: each has its own options, and together they are told apart by `task`.
declare const job: Job;
const image = 'https://example.com/a.png';
export const verbs: Promise<{ readonly images: readonly unknown[] }>[] = [
  upscaleImage({ model, image, scale: 2, prompt: undefined, quote: 'live' }),
  upscaleImage({ model: [{ model, scale: 4 }, apiframe(text)], image: new Uint8Array(9), resolution: '8K' }),
  removeBackground({ model, image: new URL(image), outputFormat: 'png', deliver: async ({ url }) => console.log(url) }),
  varyImage({ model, job, action: 'variation', index: 2 }),
  createImageClient({ model }).upscaleImage({ image }),
  // @ts-expect-error no picture
  upscaleImage({ model, scale: 2 }),
  // @ts-expect-error a size is for pictures to be made
  upscaleImage({ model, image, size: '512*512' }),
  // @ts-expect-error every picture is a call of its own
  removeBackground({ model, image, n: 2 }),
  // @ts-expect-error it takes no words
  removeBackground({ model, image, prompt }),
  // @ts-expect-error no job
  varyImage({ model, action: 'pan' }),
  // @ts-expect-error an id is no job
  varyImage({ model, job: text, action: 'pan' }),
  // @ts-expect-error only upscaleImage takes a factor
  generateImage({ model, prompt, scale: 2 }),
];
export const asData: ImageOptions[] = [
  { model, prompt },
  { task: 'generate', model, prompt, n: 2 },
  { task: 'upscale', model, image, scale: 2 },
  { task: 'vary', model, job, action: 'pan', direction: 'left' },
  // @ts-expect-error no such verb
  { task: 'edit', model, prompt },
  // @ts-expect-error nothing to draw
  { model },
  // @ts-expect-error an option of another verb
  { task: 'remove-background', model, image, scale: 2 },
];
checkImage({ task: 'upscale', model, image, scale: 2 });
submitImage({ task: 'remove-background', model, image });
// @ts-expect-error a job is one picture
submitImage({ model, prompt, n: 2 });
generateImages([{ prompt }, { task: 'upscale', image }], { model });
generateImages([{ image }], { task: 'upscale', model, scale: 2 });
// @ts-expect-error a picture that nobody says what to do with
generateImages([{ image }], { model });

// Native fields stand under the name of their host, and the packages of the hosts say which names there are.
export const native: GenerateImageOptions['providerOptions'][] = [
  { wavespeed: { enable_sync_mode: true }, apiframe: { guidance_scale: 4 } },
  { wavespeed: undefined },
  { [text]: { style: 'ink' } },
  // @ts-expect-error a misspelt host
  { wavespeeed: { enable_sync_mode: true } },
  // @ts-expect-error a field without its host
  { guidance_scale: 4 },
];

// Errors: a test of one member narrows the others.
export function read(error: unknown): Job | Reason | readonly Job[] | string | undefined {
  if (!ImageError.is(error)) return undefined;
  // @ts-expect-error nothing is known of the job yet
  const job: Job = error.job;
  const early: Job | undefined = error.job ?? job;
  if (error.billed === 'yes') return error.job.id;
  const { billed, code } = error;
  // @ts-expect-error whoever was paid is gone here
  if (billed === 'yes') return early;
  if (code === 'submission_unknown') return error.candidates?.[0];
  const none: undefined = error.candidates;
  if (error.code === 'not_found') {
    const reason: 'job_not_found' | 'unknown_intent' | undefined = error.reason;
    // @ts-expect-error a reason of another code
    if (error.reason === 'over_budget') return reason;
    return reason;
  }
  switch (error.code) {
    case 'timeout': {
      const nothing: undefined = error.reason;
      return nothing ?? none;
    }
    case 'rate_limited':
      return error.reason === 'queue_full' ? error.message : undefined;
    default:
      return error.reason;
  }
}

export function narrowed(error: unknown): string | undefined {
  if (error instanceof ImageError && error.billed === 'yes') return error.job.id;
  if (!ImageError.is(error)) return undefined;
  const { billed, job } = error;
  return billed === 'yes' ? job.id : job?.id;
}

/** Errors of one code, in a signature. */
export const candidatesOf = (error: ImageError<'submission_unknown'>): readonly Job[] => error.candidates ?? [];
export const codes: ErrorCode[] = ['timeout'];
export const any: ImageError = new ImageError({ code: 'timeout', message: '', billed: 'no', stage: 'submit' });
export const one: ImageError<'moderated'> = new ImageError({
  code: 'moderated',
  reason: 'content_rejected',
  message: '',
  billed: 'no',
  stage: 'submit',
});
// @ts-expect-error a reason of another code
new ImageError({ code: 'timeout', reason: 'over_budget', message: '', billed: 'no', stage: 'submit' });
