import type { CallOptions, GenerateImageOptions } from './call.ts';
import { checkImage, type ImageCheck } from './check.ts';
import type { Job } from './contract/job.ts';
import type { Task } from './contract/request.ts';
import { withDefaults } from './defaults.ts';
import { generateImage } from './generate.ts';
import { type GenerateImagesOptions, generateImages, type ImageBatch } from './generate-images.ts';
import type { ImageModel } from './host/provider.ts';
import type { GenerateImageResult } from './picture/result.ts';
import { type ResumedIntent, type ResumeImagesOptions, resumeImages } from './resume.ts';
import { type JobStatus, pollImage, type WaitForImageOptions, type WaitOptions, waitForImage } from './steps.ts';
import { type ImageStream, streamImage } from './stream.ts';
import { type SubmitImageOptions, submitImage } from './submit.ts';
import {
  type ImageOptions,
  type RemoveBackgroundOptions,
  removeBackground,
  type UpscaleImageOptions,
  upscaleImage,
  type VaryImageOptions,
  varyImage,
  type Without,
} from './verbs.ts';

export type ClientDefaults = Partial<GenerateImageOptions>;
type With<Options> = Without<Options, 'model'> & Partial<Pick<CallOptions, 'model'>>;
/** The functions of imageport with defaults bound. What a call gives wins over the defaults. */
export interface ImageClient {
  generateImage(options: With<GenerateImageOptions>): Promise<GenerateImageResult>;
  /** Of the defaults only those of the call apply here and in the other verbs, not those of a picture to be made. */
  upscaleImage(options: With<UpscaleImageOptions>): Promise<GenerateImageResult>;
  removeBackground(options: With<RemoveBackgroundOptions>): Promise<GenerateImageResult>;
  varyImage(options: With<VaryImageOptions>): Promise<GenerateImageResult>;
  /** `maxCost` of the defaults holds for the whole batch. */
  generateImages(
    items: Iterable<With<ImageOptions>> | AsyncIterable<With<ImageOptions>>,
    options?: GenerateImagesOptions,
  ): ImageBatch;
  streamImage(options: With<ImageOptions>): ImageStream;
  submitImage(options: With<SubmitImageOptions>): Promise<Job>;
  checkImage(options: With<ImageOptions>): Promise<ImageCheck[]>;
  pollImage(model: ImageModel, job: Job, options?: WaitOptions): Promise<JobStatus>;
  waitForImage(model: ImageModel, job: Job, options?: WaitForImageOptions): Promise<JobStatus>;
  resumeImages(options: Partial<ResumeImagesOptions> & Pick<ResumeImagesOptions, 'models'>): Promise<ResumedIntent[]>;
  /** A client with more defaults. */
  extend(defaults: ClientDefaults): ImageClient;
}

/** Binds defaults, such as model, ledger, timeout or `onEvent`, as `ky.extend` does. Keeps no other state. */
export function createImageClient(defaults: ClientDefaults = {}): ImageClient {
  const merge = <Options>(options: object, task?: Task): Options =>
    withDefaults(defaults, task ? { ...options, task } : options) as Options;
  const waiting = ({ timeout, signal, onEvent, interval, pace, webhooks }: WaitOptions): WaitOptions => {
    return { timeout, signal, onEvent, interval, pace, webhooks };
  };
  return {
    generateImage: (options) => generateImage(merge(options)),
    upscaleImage: (options) => upscaleImage(merge(options, 'upscale')),
    removeBackground: (options) => removeBackground(merge(options, 'remove-background')),
    varyImage: (options) => varyImage(merge(options, 'vary')),
    generateImages: (items, options) => generateImages(items as Iterable<ImageOptions>, { ...defaults, ...options }),
    streamImage: (options) => streamImage(merge(options)),
    submitImage: (options) => submitImage(merge(options)),
    checkImage: (options) => checkImage(merge(options)),
    pollImage: (model, job, options = {}) => pollImage(model, job, waiting(merge(options))),
    waitForImage: (model, job, options = {}) =>
      waitForImage(model, job, { ...waiting(merge(options)), ledger: options.ledger ?? defaults.ledger }),
    resumeImages: (options) => {
      const ledger = options.ledger ?? defaults.ledger;
      const { maxCost, deliver } = defaults;
      return resumeImages({ ...waiting(defaults), maxCost, deliver, ...options, ledger } as ResumeImagesOptions);
    },
    extend: (more) => createImageClient({ ...defaults, ...more }),
  };
}
