import { type CallOptions, type Deliver, parseCall } from './call.ts';
import type { Job } from './contract/job.ts';
import type { Cost } from './contract/result.ts';
import type { ImageError } from './errors/image-error.ts';
import { invalid, toObject } from './errors/invalid.ts';
import type { ImageModel } from './host/provider.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openCall } from './ready.ts';
import { checkModels } from './request/target.ts';
import type { ImageOptions, Without } from './verbs.ts';

/** Without what `advanceImage` decides when it spends: `maxCost`, `quote` and how often it polls. */
export type BeginImageOptions = Without<
  ImageOptions,
  'n' | 'deliver' | 'acknowledge' | 'interval' | 'pace' | 'hedge' | 'ledger' | 'maxCost' | 'quote'
> & {
  /** Where the request is written down. */
  readonly ledger: Ledger;
};

/**
 * Writes a request down in a ledger and sends nothing: `advanceImage` takes it from there, in this process or another.
 * Refuses here what no model of the route can do. The same `intentId` with the same request is written once.
 */
export async function beginImage(options: BeginImageOptions): Promise<{ readonly intentId: string }> {
  if (!options?.ledger) throw invalid('`ledger` must be where the request is written down');
  for (const name of ['maxCost', 'quote'] as const) {
    if ((options as Partial<CallOptions>)[name] === undefined) continue;
    throw invalid(
      `\`${name}\` is an option of advanceImage, which is what spends: nothing that is written down here would keep it`,
    );
  }
  const call = await openCall({ ...options, n: 1 } as ImageOptions);
  return (await import('./picture/advance.ts')).beginIntent(call);
}

export interface AdvanceImageOptions
  extends Pick<CallOptions, 'timeout' | 'signal' | 'onEvent' | 'interval' | 'pace' | 'webhooks' | 'maxCost' | 'quote'> {
  /** Where the intent was written down. */
  readonly ledger: Ledger;
  /** The intent to take on, as `beginImage` returned it. */
  readonly intentId: string;
  /** Models, or only their hosts' accounts, through which the intent may be taken on. */
  readonly models: readonly ImageModel[];
  /** Runs for every picture before its intent counts as delivered. */
  readonly deliver?: Deliver | undefined;
}

/** Where an intent stands after one step. `at`: when to call again, in epoch milliseconds. */
export type Advanced =
  /** Nothing was sent, because of limits, a host that is down, or somebody else who holds the intent. */
  | { readonly state: 'queued'; readonly at: number }
  | { readonly state: 'waiting'; readonly job: Job; readonly at: number }
  | { readonly state: 'delivered'; readonly images: readonly GeneratedImage[]; readonly cost: Cost }
  /** The outcome of a submit is unknown. It is searched for again at `at`; it is never sent again by itself. */
  | { readonly state: 'parked'; readonly error: ImageError; readonly at: number }
  | { readonly state: 'failed'; readonly error: ImageError };

/**
 * Takes the one step of an intent that is due and never sleeps: for queues, cron jobs and serverless functions, which
 * call it again at `at`. A step is one request at most; what it found is in the ledger before it resolves. Rejects with
 * an `ImageError` when the ledger fails or does not know the intent, and with the caller's own reason after an abort.
 */
export async function advanceImage(options: AdvanceImageOptions): Promise<Advanced> {
  const { models, intentId, deliver, ...rest } = toObject(options);
  const [model] = checkModels(models, deliver);
  if (!options.ledger) throw invalid('`ledger` must be where the intent was written down');
  const call = parseCall({ ...rest, model, prompt: 'advance' });
  return (await import('./picture/advance.ts')).advance(call, intentId, models, deliver);
}
