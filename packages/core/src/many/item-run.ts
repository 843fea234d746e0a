import type { Call, DeliveryContext } from '../call.ts';
import { withDefaults } from '../defaults.ts';
import { withEngine } from '../engine.ts';
import { ImageError } from '../errors/image-error.ts';
import type { ImageBatchEntry, ImageBatchResult } from '../generate-images.ts';
import type { GeneratedImage } from '../image/picture.ts';
import type { ImageEvent } from '../picture/events.ts';
import { openCall } from '../ready.ts';
import type { ImageOptions } from '../verbs.ts';
import { type Share, within } from './cap.ts';
import { type Asked, type Gate, isRefusal } from './gate.ts';
import { defined, type Plan } from './plan.ts';

type Settled = Extract<ImageEvent, { type: 'settled' }>;

/** One item on its way. */
export class ItemRun {
  /** It has not taken its place within the limits of an account yet. */
  isBeginning = true;
  readonly #plan: Plan;
  readonly #entry: ImageBatchEntry;
  readonly #changed: () => void;
  readonly #gate: Gate;
  readonly #controller = new AbortController();
  /** Pictures whose submit was not answered yet, and jobs whose pictures are being delivered. */
  readonly #busy = new Set<number | string>();
  readonly #settled = new Map<number, Settled>();
  #wasQueued = false;
  #accepted = Promise.withResolvers<void>();
  #left: { readonly reason: unknown } | undefined;

  constructor(plan: Plan, entry: ImageBatchEntry, gate: Gate, changed: () => void) {
    this.#plan = plan;
    this.#entry = entry;
    this.#gate = gate;
    this.#changed = changed;
  }

  /** Throws what is wrong with the item's own options. */
  open(): Call | Promise<Call> {
    const { common, isNamed, deliver, onEvent } = this.#plan;
    const entry = this.#entry;
    const own = defined(entry.item);
    const hand = own.deliver ?? (deliver && ((image: GeneratedImage) => deliver(image, entry)));
    const tell = own.onEvent ?? (onEvent && ((event: ImageEvent) => onEvent(event, entry)));
    const options = { ...withDefaults(common, own), intentId: entry.intentId, ...(hand && { deliver: hand }) };
    const call = openCall({ ...options, ...(tell && { onEvent: tell }) } as ImageOptions);
    const watched = (opened: Call): Call => ({
      ...opened,
      isNamed: isNamed || own.intentId !== undefined,
      signal: this.#controller.signal,
      onEvent: (event) => {
        this.#note(event);
        return tell?.(event);
      },
      deliver: opened.deliver && ((image, context) => this.#deliver(opened, image, context)),
    });
    return call instanceof Promise ? call.then(watched) : watched(call);
  }

  /** What an item comes to that could not be opened. Throws what is neither its error nor the reason of its own abort. */
  refused(error: unknown): ImageBatchResult {
    const signal = this.#entry.item?.signal;
    if (signal?.aborted && error === signal.reason) return this.#aborted(error);
    if (!ImageError.is(error)) throw error;
    return { ...this.#entry, outcome: 'failed', error };
  }

  /** Runs the call until it has come to an end that is not only a place in a queue. Never rejects. */
  async run(call: Call, share: Share): Promise<ImageBatchResult> {
    if (share.refusal !== undefined && !call.isNamed) return this.#notStarted(share.refusal);
    const own = this.#entry.item.signal;
    const { signal } = this.#controller;
    const onAbort = (): void => this.#controller.abort(own?.reason);
    if (own?.aborted) onAbort();
    own?.addEventListener('abort', onAbort, { once: true });
    try {
      for (let asked: Asked | undefined = this.#ask(call, share); ; ) {
        const result: ImageBatchResult = await asked.end;
        if (result.outcome !== 'failed' || this.#left) return result;
        if (isRefusal(result.error)) {
          asked = await this.#gate.retry(result.error, () => this.#ask(call, share), signal);
          if (!asked) return signal.aborted ? this.#aborted(signal.reason) : result;
        } else if (this.#hasOnlyWaited(result.error)) asked = this.#ask(call, share);
        else return result;
      }
    } finally {
      own?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends it as soon as no submit is without an answer and no picture is being delivered. */
  leave(reason: unknown): void {
    this.#left ??= { reason };
    if (this.#busy.size === 0) this.#controller.abort(this.#left.reason);
  }

  #ask(call: Call, share: Share): Asked {
    this.isBeginning = true;
    this.#settled.clear();
    this.#accepted = Promise.withResolvers<void>();
    return { end: this.#make(call, share), accepted: this.#accepted.promise };
  }

  async #make(call: Call, share: Share): Promise<ImageBatchResult> {
    const entry = this.#entry;
    const budget = within(call.budget, share.budget);
    try {
      const result = await withEngine(({ generate }) => generate({ ...call, budget, start: performance.now() }));
      const earlier = result.attempts.every(({ submits }) => submits === 0);
      return { ...entry, outcome: 'completed', result, earlier };
    } catch (error) {
      if (!ImageError.is(error)) return this.#aborted(error);
      const { refusal } = share;
      if (refusal === undefined || error.reason !== 'over_budget' || !isUnsent(error)) {
        return { ...entry, outcome: 'failed', error };
      }
      return { ...entry, outcome: 'not_started', error: error.with({ message: refusal }) };
    }
  }

  /** Nobody can have paid for it before, so there is nothing to look for. */
  #notStarted(message: string): ImageBatchResult {
    const { intentId } = this.#entry;
    const facts = { code: 'unsupported', reason: 'over_budget', billed: 'no', stage: 'prepare' } as const;
    return { ...this.#entry, outcome: 'not_started', error: new ImageError({ ...facts, message, intentId }) };
  }

  #aborted(reason: unknown): ImageBatchResult {
    const ends = [...this.#settled.values()];
    const billed = (['yes', 'unknown'] as const).find((each) => ends.some((end) => end.billed === each));
    const jobs = ends.flatMap(({ job }) => job ?? []);
    const unknown = ends.filter((end) => end.billed === 'unknown').length;
    return { ...this.#entry, outcome: 'aborted', reason, billed: billed ?? 'no', unknown, jobs };
  }

  async #deliver(call: Call, image: GeneratedImage, context: DeliveryContext): Promise<void> {
    this.#busy.add(image.job.id);
    await call.deliver?.(image, context);
  }

  #note(event: ImageEvent): void {
    const { type, picture } = event;
    if (type === 'queued') this.#wasQueued = true;
    else if (type !== 'warning' && this.isBeginning) {
      this.isBeginning = false;
      this.#changed();
    }
    if (type === 'accepted') {
      this.#gate.open();
      this.#accepted.resolve();
    }
    if (type === 'submitting') this.#busy.add(picture);
    else this.#busy.delete(picture);
    if (type === 'settled') {
      this.#settled.set(picture, event);
      if (event.job) this.#busy.delete(event.job.id);
    }
    if (this.#left) this.leave(this.#left.reason);
  }

  /** Its time has run out while other submits of the account were before it. */
  #hasOnlyWaited(error: ImageError): boolean {
    return isUnsent(error) && error.code === 'timeout' && this.#wasQueued;
  }
}

const isUnsent = ({ billed, attempts }: ImageError): boolean =>
  billed === 'no' && attempts.every(({ submits }) => submits === 0);
