import { type CallOptions, type Deliver, parseCall } from './call.ts';
import type { ImageError } from './errors/image-error.ts';
import { toObject } from './errors/invalid.ts';
import type { ImageModel } from './host/provider.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Ledger } from './ledger/ledger.ts';
import { checkModels } from './request/target.ts';

export interface ResumeImagesOptions
  extends Pick<
    CallOptions,
    'timeout' | 'jobTimeout' | 'signal' | 'onEvent' | 'interval' | 'pace' | 'webhooks' | 'maxCost' | 'quote'
  > {
  /** The ledger whose open intents are finished. */
  readonly ledger: Ledger;
  /** Models, or only their hosts' accounts, through which open intents may be finished. */
  readonly models: readonly ImageModel[];
  /** Runs for every picture before its intent counts as delivered. */
  readonly deliver?: Deliver | undefined;
}

/** What became of one open intent. */
export interface ResumedIntent {
  readonly intentId: string;
  readonly images: readonly GeneratedImage[];
  /** Why there is no picture; `billed` says what it cost. */
  readonly error?: ImageError;
}

/**
 * Finishes every open intent of a ledger, after a crash or a deadline: polls accepted jobs, repeats or searches for
 * submits with an unknown outcome, sends what was never sent, hands over finished pictures. What stays unknown is
 * reported and stays open.
 */
export async function resumeImages(options: ResumeImagesOptions): Promise<ResumedIntent[]> {
  const { models, deliver, ...rest } = toObject(options);
  const [model] = checkModels(models, deliver);
  const call = parseCall({ ...rest, model, prompt: 'resume' });
  return (await import('./picture/resume.ts')).resume(call, models, deliver);
}
