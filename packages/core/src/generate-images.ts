import type { GenerateImageOptions } from './call.ts';
import type { Job } from './contract/job.ts';
import type { Task } from './contract/request.ts';
import type { Billed } from './contract/result.ts';
import type { ImageError } from './errors/image-error.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { MaxCost } from './picture/budget.ts';
import type { ImageEvent } from './picture/events.ts';
import type { GenerateImageResult } from './picture/result.ts';
import type { ImageOptions, UpscaleImageOptions, VaryImageOptions, Without } from './verbs.ts';

/** Every member may be left out. */
export type Loose<Options> = { [Name in keyof Options]?: Options[Name] | undefined };

/** What the items of a batch have in common, and how the batch behaves. An option of an item wins. */
export interface GenerateImagesOptions extends Omit<ImageBatchItem, 'intentId' | 'maxCost' | 'deliver' | 'onEvent'> {
  /** How many calls run at once; a result that nobody has taken counts as one. @default 16 */
  concurrency?: number | undefined;
  /**
   * Names the batch, in at most 180 visible ASCII characters without `#`: the item at `index` gets the id
   * `intentId/index` unless it has its own. The same batch again pays for nothing twice. @default a random UUID
   */
  intentId?: string | undefined;
  /** The most that all items together may cost in this run, by currency. What does not fit is not started. @default no limit */
  maxCost?: MaxCost | undefined;
  /** Runs for every picture before it counts as delivered; `entry` says of which item. */
  deliver?: ((image: GeneratedImage, entry: ImageBatchEntry) => void | Promise<void>) | undefined;
  /** Receives the events of all items. What it throws is ignored. */
  onEvent?: ((event: ImageEvent, entry: ImageBatchEntry) => void) | undefined;
}

/** What only other verbs than `generateImage` take. */
type VerbFields = Omit<UpscaleImageOptions & VaryImageOptions, keyof GenerateImageOptions>;

/** The options of one call, of the verb that `task` names. What `generateImages` was given for all may be left out. */
export interface ImageBatchItem extends Loose<GenerateImageOptions>, Loose<VerbFields> {
  /** What is to be done. @default 'generate' */
  task?: Task | undefined;
}

type Items<Item> = Iterable<Item> | AsyncIterable<Item>;
/** What every item must have unless it is common to all. */
type Models = Required<Pick<GenerateImageOptions, 'model'>>;
type Prompts = Required<Pick<GenerateImageOptions, 'prompt'>>;
/** Calls of other verbs, whose model may be common to all. */
type Verbs = Without<Extract<ImageOptions, { task: string }>, 'model'> & Loose<Models>;

/** One item of a batch. */
export interface ImageBatchEntry {
  /** Its place in the source, from 0. */
  readonly index: number;
  /** The very object that the source gave. */
  readonly item: ImageBatchItem;
  readonly intentId: string;
}

/** How one item ended; `outcome` tells them apart. */
export type ImageBatchResult = ImageBatchEntry &
  (
    | {
        readonly outcome: 'completed';
        readonly result: GenerateImageResult;
        /** Paid by an earlier run: this one has sent no submit, and its `result` has the same pictures again. */
        readonly earlier: boolean;
        readonly error?: never;
      }
    /** `not_started`: it does not fit into `maxCost` of the batch, and nothing was sent for it. */
    | { readonly outcome: 'failed' | 'not_started'; readonly error: ImageError; readonly result?: never }
    /** It was under way when its own signal or that of the batch was aborted. */
    | {
        readonly outcome: 'aborted';
        readonly reason: unknown;
        readonly billed: Billed;
        /** Pictures of which nobody knows whether they were accepted: each may be charged besides `jobs`. */
        readonly unknown: number;
        /** Accepted jobs: they stand in the ledger, and the same batch again fetches their pictures. */
        readonly jobs: readonly Job[];
        readonly error?: never;
        readonly result?: never;
      }
  );

/** The results of a batch, in the order in which they come. Nothing is read or sent before the first `next()`. */
export interface ImageBatch {
  /** Given again with the same items, it goes on where this run ended. */
  readonly intentId: string;
  /** Rejects with `invalid_request` for a bad common option, with what the source threw, or with the signal's reason. */
  next(): Promise<IteratorResult<ImageBatchResult, undefined>>;
  /** Starts nothing more. Resolves when every submit under way is answered; jobs stay in the ledger. */
  return(): Promise<IteratorResult<ImageBatchResult, undefined>>;
  [Symbol.asyncIterator](): ImageBatch;
}

/**
 * Makes many pictures: a call of `generateImage`, or of the verb that its `task` names, for every item, some at once, as many as the accounts' limits allow.
 * The source is read no faster than results are taken. An item that fails is a result and does not stop the others.
 */
export function generateImages(
  items: Items<ImageBatchItem>,
  options: GenerateImagesOptions & Models & Prompts,
): ImageBatch;
export function generateImages(
  items: Items<(ImageBatchItem & Prompts) | Verbs>,
  options: GenerateImagesOptions & Models,
): ImageBatch;
export function generateImages(
  items: Items<ImageBatchItem>,
  options: GenerateImagesOptions & Models & { task: Exclude<Task, 'generate'> },
): ImageBatch;
export function generateImages(items: Items<ImageOptions>, options?: GenerateImagesOptions): ImageBatch;
export function generateImages(items: Items<ImageBatchItem>, options?: GenerateImagesOptions): ImageBatch {
  const intentId = options?.intentId ?? crypto.randomUUID();
  type Opened = import('./many/batch.ts').Batch;
  let opening: Promise<Opened> | undefined;
  let isLeft = false;
  const done = { done: true, value: undefined } as const;
  return {
    intentId,
    async next() {
      if (isLeft) return done;
      opening ??= import('./many/batch.ts').then(({ openBatch }) => openBatch(items, options, intentId));
      return (await opening).results.next();
    },
    async return() {
      isLeft = true;
      const batch = await opening?.catch(() => undefined);
      return batch ? batch.leave() : done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
