import type { Call } from '../call.ts';
import { invalid } from '../errors/invalid.ts';
import type { GenerateImagesOptions, ImageBatchEntry, ImageBatchItem, ImageBatchResult } from '../generate-images.ts';
import { hostAt } from '../host/host.ts';
import { type Cap, createCap, type Share } from './cap.ts';
import { Gate } from './gate.ts';
import { ItemRun } from './item-run.ts';
import { type Plan, parsePlan } from './plan.ts';
import { openSource, type Source } from './source.ts';

export interface Batch {
  readonly results: AsyncGenerator<ImageBatchResult, undefined>;
  /** Ends the batch, also while a result is waited for. */
  leave(): Promise<IteratorResult<ImageBatchResult, undefined>>;
}

/** Throws `invalid_request` for what is common to all items. */
export function openBatch(items: unknown, options: GenerateImagesOptions | undefined, intentId: string): Batch {
  const work = new Work(parsePlan(options, intentId), openSource(items));
  const results = work.results();
  return {
    results,
    leave() {
      work.leave();
      return results.return(undefined);
    },
  };
}

class Work {
  readonly #plan: Plan;
  readonly #source: Source;
  readonly #cap: Cap;
  readonly #gate = new Gate(() => this.#tell());
  readonly #runs = new Set<ItemRun>();
  /** In the order in which they came, not taken yet. */
  readonly #results: ImageBatchResult[] = [];
  #news = Promise.withResolvers<void>();
  /** Everything was read, or the source failed. */
  #fed = false;
  #failed: { readonly error: unknown } | undefined;
  /** The cap is spent: nothing more is paid for. */
  #spent = false;
  readonly #ending = new AbortController();
  #stopped: { readonly reason: unknown; readonly isAbort: boolean } | undefined;

  constructor(plan: Plan, source: Source) {
    this.#plan = plan;
    this.#source = source;
    this.#cap = createCap(plan.maxCost);
  }

  async *results(): AsyncGenerator<ImageBatchResult, undefined> {
    const { signal } = this.#plan;
    const onAbort = (): void => this.#stop(signal?.reason, true);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    void this.#feed();
    try {
      while (!this.#isLeft()) {
        const result = this.#results.shift();
        if (result) {
          this.#tell();
          yield result;
        } else if (this.#isOver()) break;
        else await this.#news.promise;
      }
      if (this.#stopped?.isAbort) throw this.#stopped.reason;
      if (this.#failed && !this.#stopped) throw this.#failed.error;
      return undefined;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.leave();
      while (this.#runs.size > 0) await this.#news.promise;
      await this.#source.close();
    }
  }

  leave(): void {
    this.#stop(new Error('the batch was left'), false);
  }

  /** Starts nothing more, and ends what runs: a job that was accepted stays in the ledger. */
  #stop(reason: unknown, isAbort: boolean): void {
    if (isAbort && this.#isOver()) return;
    if (!this.#stopped || !isAbort) this.#stopped = { reason, isAbort };
    this.#ending.abort();
    for (const run of this.#runs) run.leave(reason);
    this.#tell();
  }

  #isLeft(): boolean {
    return this.#stopped?.isAbort === false;
  }

  #isOver(): boolean {
    return (this.#fed || this.#stopped !== undefined) && this.#runs.size === 0;
  }

  /** Something has changed: whoever waits looks again. */
  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }

  /** Reads and starts items as long as there is room. Never rejects. */
  async #feed(): Promise<void> {
    try {
      for (let index = 0; await this.#untilRoom(); index += 1) {
        const read = await this.#source.read();
        if (this.#stopped || !read) break;
        await this.#start(this.#toEntry(index, read.item));
      }
    } catch (error) {
      this.#failed = { error };
    }
    this.#fed = true;
    this.#tell();
  }

  /** False when there will be none. */
  async #untilRoom(): Promise<boolean> {
    while (!this.#stopped && !this.#hasRoom()) await this.#news.promise;
    return !this.#stopped;
  }

  /** One after the other, because the next may begin only when the limits know of the one before. */
  #hasRoom(): boolean {
    if (this.#gate.isBusy) return false;
    const isFull = this.#runs.size + this.#results.length >= this.#plan.concurrency;
    return !isFull && ![...this.#runs].some(({ isBeginning }) => isBeginning);
  }

  #toEntry(index: number, item: unknown): ImageBatchEntry {
    const own = typeof item === 'object' && item !== null && 'intentId' in item ? item.intentId : undefined;
    return {
      index,
      item: item as ImageBatchItem,
      intentId: own === undefined ? `${this.#plan.intentId}/${index}` : (own as string),
    };
  }

  async #start(entry: ImageBatchEntry): Promise<void> {
    const run = new ItemRun(this.#plan, entry, this.#gate, () => this.#tell());
    try {
      const { item } = entry;
      if (typeof item !== 'object' || item === null) throw invalid('an item must be an object of options');
      const opened = run.open();
      const call = opened instanceof Promise ? await opened : opened;
      const share = await this.#share(() => this.#cap.share(call));
      await this.#turn(call);
      if (this.#stopped) return share.release();
      this.#runs.add(run);
      const result = run.run(call, share);
      void result.then((end) => {
        share.release();
        this.#runs.delete(run);
        this.#add(end);
      });
    } catch (error) {
      this.#add(run.refused(error));
    }
  }

  /** Waits until the account may begin another job: the time of the call does not run yet. */
  async #turn({ route: [{ provider }, ...others] }: Call): Promise<void> {
    const { limiter, scheduler } = hostAt(provider);
    const isPaused = limiter.pausedFor() > 0 && others.length > 0;
    if (this.#stopped || isPaused || limiter.delay() <= 0) return;
    const leave = await scheduler.enter('submit', this.#ending.signal).catch(() => undefined);
    leave?.();
  }

  #add(result: ImageBatchResult): void {
    this.#results.push(result);
    this.#tell();
  }

  /** Money that others have set aside may come back, as long as there are others. */
  async #share(ask: () => Share | undefined): Promise<Share> {
    while (!this.#spent && !this.#stopped) {
      const share = ask();
      if (share) return share;
      if (this.#runs.size === 0) this.#spent = true;
      else await this.#news.promise;
    }
    return this.#cap.none();
  }
}
