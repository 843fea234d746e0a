import * as v from 'valibot';
import type { ImageRequest } from './contract/request.ts';
import { type Budget, createBudget, type MaxCost } from './engine/budget.ts';
import type { ImageEvent } from './engine/events.ts';
import type { Hedge, HedgePolicy } from './engine/hedge.ts';
import type { WebhookInbox } from './engine/inbox.ts';
import { type Order, orderRoute } from './engine/order.ts';
import type { Policy } from './engine/run.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Ledger } from './ledger/ledger.ts';
import { invalid, maxSeed, parseRequest, type RequestOptions } from './request/options.ts';
import { parseRoute, type Route, type RouteOption } from './request/target.ts';
import { type Pace, type Schedule, toSchedule } from './schedule/schedule.ts';

/** How a call behaves, apart from what the picture shall be. */
export interface CallOptions {
  /**
   * One model, or a route: the next is asked only when the one before has surely cost nothing. `{ model, size, … }`
   * instead of a model says what shall differ there.
   */
  model: RouteOption;
  /** In which order the models of a route are asked. @default 'given' */
  order?: Order | undefined;
  /** Ask the next model too when the first is late, and pay both. @default never */
  hedge?: Hedge | undefined;
  /** Milliseconds until the call has ended, with a picture or an error. @default 120000 */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Names the wish: the same id joins a running call or finds its result instead of paying again. @default a random UUID */
  intentId?: string | undefined;
  /** Where intents and paid jobs are written. @default a memory ledger of the first model's provider */
  ledger?: Ledger | undefined;
  /** Told what happens as it happens. */
  onEvent?: ((event: ImageEvent) => void) | undefined;
  /** After a submit whose fate nobody knows: stop with `submission_unknown`, or go on and perhaps pay twice. @default 'reconcile' */
  onAmbiguous?: 'reconcile' | 'proceed' | undefined;
  /** Milliseconds between two looks at a job, or a function that decides. @default the provider's `schedule`, or one made from what the model's table says */
  interval?: number | Schedule | undefined;
  /** `polite` asks no more often than the host wishes; `keen` up to four times a second. @default 'polite' */
  pace?: Pace | undefined;
  /** The most that all pictures and attempts of the call may cost; over it is refused before spending. @default no limit */
  maxCost?: MaxCost | undefined;
  /** Where verified webhooks are put, so that a wait ends at once instead of at the next look. */
  webhooks?: WebhookInbox | undefined;
}

export interface GenerateImageOptions extends RequestOptions, CallOptions {
  /** How many pictures; each is a job of its own. @default 1 */
  n?: number | undefined;
  /** Runs for every picture before it counts as delivered: what it saves survives a crash, or is offered again. */
  deliver?: ((image: GeneratedImage) => void | Promise<void>) | undefined;
}

/** A call in one form, checked. */
export interface Call {
  readonly route: Route;
  readonly hedge: HedgePolicy | undefined;
  readonly request: ImageRequest;
  readonly n: number;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly intentId: string;
  readonly ledger: Ledger;
  readonly onEvent: ((event: ImageEvent) => void) | undefined;
  readonly policy: Policy;
  readonly budget: Budget;
  readonly webhooks: WebhookInbox | undefined;
  readonly deliver: ((image: GeneratedImage) => void | Promise<void>) | undefined;
}

const mostPictures = 100;
const callback = v.optional(v.custom<never>((value) => typeof value === 'function', 'must be a function'));
const duration = v.custom<number>(
  (value) => typeof value === 'number' && value > 0 && !Number.isNaN(value),
  'must be milliseconds above 0',
);

const behaviour = v.object({
  timeout: v.optional(duration, 120_000),
  signal: v.optional(v.custom<AbortSignal>(isSignal, 'must be an AbortSignal')),
  intentId: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\x21\x22\x24-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters without "#"'),
    ),
  ),
  ledger: v.optional(v.custom<Ledger>(isLedger, 'must be a ledger, such as createMemoryLedger()')),
  onEvent: callback,
  deliver: callback,
  onAmbiguous: v.optional(v.picklist(['reconcile', 'proceed'], "must be 'reconcile' or 'proceed'"), 'reconcile'),
  interval: v.optional(
    v.custom<number | Schedule>(
      (value) => typeof value === 'function' || (typeof value === 'number' && value > 0),
      'must be milliseconds above 0 or a function',
    ),
  ),
  order: v.optional(v.picklist(['given', 'cheapest', 'fastest'], "must be 'given', 'cheapest' or 'fastest'"), 'given'),
  hedge: v.optional(
    v.custom<Hedge>(
      isHedge,
      "must be { after: 'p95' or milliseconds, maxCost: amounts by currency like { USD: 0.1 } }",
    ),
  ),
  pace: v.optional(v.picklist(['polite', 'keen'], "must be 'polite' or 'keen'"), 'polite'),
  maxCost: v.optional(
    v.custom<MaxCost>(isMaxCost, 'must be amounts above 0 by currency, like { USD: 0.1, credit: 10 }'),
  ),
  webhooks: v.optional(v.custom<WebhookInbox>(isInbox, 'must come from createWebhookInbox()')),
  n: v.optional(
    v.custom<number>(
      (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostPictures,
      `must be a whole number from 1 to ${mostPictures}`,
    ),
    1,
  ),
});

const behaviours = [...Object.keys(behaviour.entries), 'model'];

/** Checks everything the caller gave. Throws `invalid_request`; nothing is spent. */
export function parseCall(options: GenerateImageOptions): Call {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object');
  const route = parseRoute(options.model);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const result = v.safeParse(behaviour, Object.fromEntries(given), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`\`${v.getDotPath(issue) ?? 'options'}\` ${issue.message}`);
  }
  const { ledger, hedge, order, interval, pace, onAmbiguous, intentId, maxCost, ...rest } = result.output;
  const wish = Object.fromEntries(given.filter(([name]) => !behaviours.includes(name)));
  const request = parseRequest(wish as unknown as RequestOptions);
  if ((request.seed ?? 0) + rest.n - 1 > maxSeed) throw invalid(`\`seed\` plus \`n\` must stay within ${maxSeed}`);
  return {
    signal: undefined,
    onEvent: undefined,
    deliver: undefined,
    webhooks: undefined,
    ...rest,
    hedge: hedge && { after: hedge.after, budget: createBudget(hedge.maxCost) },
    route: orderRoute(route, order, request),
    request,
    intentId: intentId ?? crypto.randomUUID(),
    ledger: ledger ?? route[0].provider['~host'].ledger,
    budget: createBudget(maxCost),
    policy: { onAmbiguous, pace, schedule: toSchedule(interval) },
  };
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}

function isLedger(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'begin' in value && 'claim' in value && 'append' in value;
}

function isMaxCost(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return false;
  const isAmount = (amount: unknown): boolean => typeof amount === 'number' && amount >= 0;
  return Object.entries(value).every(([currency, amount]) => /^(USD|credit)$/.test(currency) && isAmount(amount));
}

function isHedge(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('after' in value) || !('maxCost' in value)) return false;
  const { after, maxCost } = value;
  return (after === 'p95' || (typeof after === 'number' && after >= 0)) && isMaxCost(maxCost);
}

function isInbox(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'notify' in value;
}
