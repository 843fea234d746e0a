import * as v from 'valibot';
import type { ImageRequest } from './contract/request.ts';
import { invalid, toObject } from './errors/invalid.ts';
import type { RouteModel } from './host/provider.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createBudget, isMaxCost, type MaxCost } from './picture/budget.ts';
import type { ImageEvent } from './picture/events.ts';
import type { Frame } from './picture/picture.ts';
import type { Start } from './picture/run.ts';
import { maxSeed } from './request/entries.ts';
import { checkHosts } from './request/known-hosts.ts';
import { generating, type Reader, type RequestOptions } from './request/options.ts';
import { parseRoute, type Route, type RouteOption } from './request/target.ts';
import { withoutUndefined } from './request/without-undefined.ts';
import { checkRuntime } from './runtime.ts';
import { type Pace, type Schedule, toSchedule } from './schedule/schedule.ts';
import type { ImageOptions } from './verbs.ts';
import type { WebhookHub } from './webhook/hub.ts';

/** How a call behaves, apart from the picture itself. */
export interface CallOptions {
  /**
   * One model, or a route: the next is asked only when the one before has surely cost nothing. `{ model, size, … }`
   * instead of a model overrides options for that model.
   */
  model: RouteOption;
  /** In which order the models of a route are asked: `cheapest` or `fastest` of `@imageport/core/order`. @default as given */
  order?: Order | undefined;
  /** Ask the next model too when the first is late, and pay both: `hedge()` of `@imageport/core/hedge`. @default never */
  hedge?: Hedge | undefined;
  /** Milliseconds until the call has ended, with a picture or an error; waiting for limits included. @default 120000 */
  timeout?: number | undefined;
  /** Milliseconds that one job may take, counted from the moment it was accepted. @default no limit but `timeout` */
  jobTimeout?: number | undefined;
  /** Ends the call at once, which then throws its reason. A job that was paid runs on at the host. @default none */
  signal?: AbortSignal | undefined;
  /** Identifies the request (idempotency key): the same id joins a running call or finds its result instead of paying again. @default a random UUID */
  intentId?: string | undefined;
  /** Where intents and paid jobs are written. @default a memory ledger of the first model's provider */
  ledger?: Ledger | undefined;
  /** Receives events while the call runs. What it throws is ignored. @default none */
  onEvent?: ((event: ImageEvent) => void) | undefined;
  /** After a submit whose outcome is unknown: stop with `submission_unknown`, or go on and perhaps pay twice. @default 'reconcile' */
  onAmbiguous?: 'reconcile' | 'proceed' | undefined;
  /** Milliseconds between two polls of a job, or a function that decides. @default the provider's `schedule`, or one made from what the model's table says */
  interval?: number | Schedule | undefined;
  /** `default` polls no more often than the host documents; `aggressive` up to four times a second. @default 'default' */
  pace?: Pace | undefined;
  /** The most that all pictures and attempts of the call may cost; over it is refused before spending. @default no limit */
  maxCost?: MaxCost | undefined;
  /**
   * Whose price `maxCost` goes by: that of the list, or `live` that which the host itself names for the very request, where it does
   * so. Asking is free. Where it fails the listed price counts, and a warning says so. @default 'listed'
   */
  quote?: 'listed' | 'live' | undefined;
  /** Where verified webhooks arrive, so that a wait ends at once instead of at the next poll. @default none */
  webhooks?: WebhookHub | undefined;
}

export interface GenerateImageOptions extends RequestOptions, CallOptions {
  /** How many pictures; each is a job of its own. @default 1 */
  n?: number | undefined;
  /**
   * Runs for every picture before it counts as delivered: after a crash in between it is delivered again, as by
   * `resumeImages`, and to the same `intentId`. @default none
   */
  deliver?: Deliver | undefined;
  /**
   * When a picture counts as delivered. `auto`: when `deliver` has run, or its bytes were read. `manual`: when
   * `acknowledgeImages` of `@imageport/core/book` says so, for programs that hand pictures on to somebody else; until
   * then the same `intentId`, asked again, hands it over again without paying. @default 'auto'
   */
  acknowledge?: 'auto' | 'manual' | undefined;
}

/** What a picture that is handed over belongs to. */
export interface DeliveryContext {
  /** The intent of this very picture: the call's id, from the second picture of `n` on with `#` and its number behind it. */
  readonly intentId: string;
}

/** Takes a picture over. */
export type Deliver = (image: GeneratedImage, context: DeliveryContext) => void | Promise<void>;

/** Puts the models of a route in the order in which they are asked. */
export type Order = (route: Route, request: ImageRequest) => Route;

/** Takes the pictures of a call along their routes in another way than one model after the other. Called once a call. */
export type Hedge = (start: Start) => Start;

/** A call in one form, checked. */
export interface Call extends Omit<Frame, 'end' | 'deliver' | 'ledger' | 'several' | 'submits' | 'isManual'> {
  readonly ledger: Ledger | undefined;
  readonly route: Route;
  /** The first model as it was given, before an order: without a `ledger` that of its account is used. */
  readonly home: RouteModel;
  readonly order: Order | undefined;
  readonly hedge: Hedge | undefined;
  readonly request: ImageRequest;
  readonly n: number;
  readonly timeout: number;
  readonly intentId: string;
  readonly deliver: Deliver | undefined;
  readonly acknowledge: 'auto' | 'manual';
}

/** Whether a value has all of these methods. */
const has =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');

const mostPictures = 100;
const isFunction = (value: unknown): boolean => typeof value === 'function';
const callback = v.optional(v.custom<never>(isFunction, 'must be a function'));
const duration = v.custom<number>(
  (value) => typeof value === 'number' && value > 0 && !Number.isNaN(value),
  'must be milliseconds above 0',
);

const behaviour = v.object({
  timeout: v.optional(duration, 120_000),
  jobTimeout: v.optional(duration, Infinity),
  signal: v.optional(v.custom<AbortSignal>(has('addEventListener', 'removeEventListener'), 'must be an AbortSignal')),
  intentId: v.optional(
    v.pipe(
      v.string('must be text: 1 to 200 visible ASCII characters without "#"'),
      v.regex(/^[\x21\x22\x24-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters without "#"'),
    ),
    () => crypto.randomUUID(),
  ),
  ledger: v.optional(
    v.custom<Ledger>(has('begin', 'claim', 'append', 'open', 'find'), 'must be a ledger, such as createMemoryLedger()'),
  ),
  onEvent: callback,
  deliver: callback,
  onAmbiguous: v.optional(v.picklist(['reconcile', 'proceed'], "must be 'reconcile' or 'proceed'"), 'reconcile'),
  interval: v.optional(
    v.custom<number | Schedule>(
      (value) => typeof value === 'function' || (typeof value === 'number' && value > 0),
      'must be milliseconds above 0 or a function',
    ),
  ),
  order: v.optional(v.custom<Order>(isFunction, 'must be cheapest or fastest of @imageport/core/order')),
  hedge: v.optional(v.custom<Hedge>(isFunction, 'must come from hedge() of @imageport/core/hedge')),
  pace: v.optional(v.picklist(['default', 'aggressive'], "must be 'default' or 'aggressive'"), 'default'),
  maxCost: v.optional(
    v.custom<MaxCost>(isMaxCost, 'must be amounts of 0 or more by currency, like { USD: 0.1, credit: 10 }'),
  ),
  quote: v.optional(v.picklist(['listed', 'live'], "must be 'listed' or 'live'"), 'listed'),
  acknowledge: v.optional(v.picklist(['auto', 'manual'], "must be 'auto' or 'manual'"), 'auto'),
  webhooks: v.optional(v.custom<WebhookHub>(has('notify', 'listen', 'recent'), 'must come from createWebhookHub()')),
  n: v.optional(
    v.custom<number>(
      (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostPictures,
      `must be a whole number from 1 to ${mostPictures}`,
    ),
    1,
  ),
});

/** The options that are not about the picture. */
export const behaviours: ReadonlySet<string> = new Set([...Object.keys(behaviour.entries), 'model', 'task']);

/** The options that are given: those of the call, and those of the picture. */
function apart(options: object) {
  const [own, others]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  const given = withoutUndefined(options);
  for (const name of Object.keys(given)) (behaviours.has(name) ? own : others)[name] = given[name];
  return { own, others };
}

/** Checks all options but `model`; `reader` those of the picture. Throws `invalid_request`. */
export function parseOptions(options: object, reader: Reader = generating) {
  const { own, others } = apart(options);
  const result = v.safeParse(behaviour, own, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`\`${v.getDotPath(issue) ?? 'options'}\` ${issue.message}`);
  }
  const request = reader.whole(others);
  const { n } = result.output;
  if ((request.seed ?? 0) + n - 1 > maxSeed) throw invalid(`\`seed\` plus \`n\` must stay within ${maxSeed}`);
  return { behaviour: result.output, request };
}

/** Checks everything the caller gave. Throws `invalid_request`; nothing is spent. */
export function parseCall(options: ImageOptions, reader?: Reader): Call {
  checkRuntime();
  const route = parseRoute(toObject(options).model, reader);
  const parsed = parseOptions(options, reader);
  const { ledger, order, interval, pace, jobTimeout, onAmbiguous, intentId, maxCost, quote, ...rest } =
    parsed.behaviour;
  const { request } = parsed;
  checkHosts(route, request);
  return {
    start: Math.round(performance.now()),
    ...{ signal: undefined, onEvent: undefined, deliver: undefined, webhooks: undefined, hedge: undefined },
    ...rest,
    route,
    order,
    home: route[0],
    request,
    intentId,
    isNamed: options.intentId !== undefined,
    ledger,
    budget: createBudget(maxCost),
    policy: { onAmbiguous, pace, jobTimeout, quote, schedule: toSchedule(interval) },
  };
}
