import type { CallOptions, GenerateImageOptions } from './call.ts';
import type { Job } from './contract/job.ts';
import type { Task } from './contract/request.ts';
import { makeImages } from './generate.ts';
import type { GenerateImageResult } from './picture/result.ts';
import type { ReferenceImage, RequestOptions } from './request/options.ts';

/** What every verb takes besides its picture: the same as `generateImage`, with the same promises about money. */
export interface VerbOptions
  extends CallOptions,
    Pick<GenerateImageOptions, 'deliver' | 'acknowledge'>,
    Pick<
      RequestOptions,
      'outputFormat' | 'fit' | 'sync' | 'responseFormat' | 'providerOptions' | 'unchecked' | 'webhookUrl'
    > {}

export interface UpscaleImageOptions extends VerbOptions, Pick<RequestOptions, 'seed' | 'resolution'> {
  /** The picture: an http(s) URL, a data URL or the bytes of a picture file. */
  image: ReferenceImage;
  /** How many times larger on each side, such as 2. Excludes `resolution`. @default the model's own */
  scale?: number | undefined;
  /** What the picture shows, where the model takes words. @default none */
  prompt?: string | undefined;
}

export interface RemoveBackgroundOptions extends VerbOptions {
  /** The picture: an http(s) URL, a data URL or the bytes of a picture file. */
  image: ReferenceImage;
}

export interface VaryImageOptions extends VerbOptions, Pick<RequestOptions, 'seed'> {
  /** The finished job whose picture is meant, as a result or an event names it. It must be of the same host and account. */
  job: Job;
  /** What the host is to do with it, by the host's own name, such as 'variation', 'upsample', 'outpaint', 'pan' or 'inpaint'. */
  action: string;
  /** Which picture of the job, from 1. @default none */
  index?: number | undefined;
  /** By how much an outpaint zooms out, such as 1.5. @default none */
  zoom?: number | undefined;
  /** Where a pan goes, such as 'left'. @default none */
  direction?: string | undefined;
  /** What an inpaint may change: a picture that is white there and black elsewhere. @default none */
  mask?: ReferenceImage | undefined;
  /** What an inpaint draws there, where the action takes words. @default none */
  prompt?: string | undefined;
}

interface For<Verb extends Task> {
  /** What is to be done, for the functions that every verb has in common; the verbs set it themselves. */
  task: Verb;
}

/** A call of any verb as data, told apart by `task`: what `checkImage`, `submitImage` and the like take. */
export type ImageOptions =
  | (GenerateImageOptions & { [Name in keyof For<'generate'>]?: 'generate' | undefined })
  | (UpscaleImageOptions & For<'upscale'>)
  | (RemoveBackgroundOptions & For<'remove-background'>)
  | (VaryImageOptions & For<'vary'>);

/** Leaves options out of every verb's. */
export type Without<Options, Names extends PropertyKey> = Options extends unknown ? Omit<Options, Names> : never;

/**
 * Makes a picture larger, by a factor or up to a resolution, whichever the model takes. Returns, pays, resumes and throws as
 * `generateImage` does.
 */
export const upscaleImage = (options: UpscaleImageOptions): Promise<GenerateImageResult> =>
  makeImages({ ...options, task: 'upscale' });

/** Cuts a picture out of its background. Returns, pays, resumes and throws as `generateImage` does. */
export const removeBackground = (options: RemoveBackgroundOptions): Promise<GenerateImageResult> =>
  makeImages({ ...options, task: 'remove-background' });

/**
 * Has the host do more with a job that it has finished, where it offers that, as with Midjourney's grids of four. Returns, pays,
 * resumes and throws as `generateImage` does.
 */
export const varyImage = (options: VaryImageOptions): Promise<GenerateImageResult> =>
  makeImages({ ...options, task: 'vary' });
