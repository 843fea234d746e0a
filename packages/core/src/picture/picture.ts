import type { DeliveryContext } from '../call.ts';
import type { Job } from '../contract/job.ts';
import type { Attempt } from '../contract/result.ts';
import { type Host, hostAt } from '../host/host.ts';
import type { Limiter } from '../host/limits.ts';
import type { RouteModel } from '../host/provider.ts';
import type { GeneratedImage } from '../image/picture.ts';
import type { Intent, LedgerEvent } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { fresh, type IntentState } from '../ledger/state.ts';
import type { Pace, Schedule } from '../schedule/schedule.ts';
import type { WebhookHub } from '../webhook/hub.ts';
import type { Subject } from './answer.ts';
import type { Budget, Reservation } from './budget.ts';
import { createEmit, type Emit, type ImageEvent } from './events.ts';
import type { Asked } from './prepare.ts';

/** What the caller decided about this call. */
export interface Policy {
  /** After a submit whose outcome is unknown: stop, or go on and perhaps pay twice. */
  readonly onAmbiguous: 'reconcile' | 'proceed';
  readonly schedule?: Schedule | undefined;
  readonly pace: Pace;
  /** Milliseconds that a job may take, counted from its submit. */
  readonly jobTimeout: number;
  /** Whose price is set aside: that of the list, or the one that the host names for the request. */
  readonly quote: 'listed' | 'live';
}

/** What the pictures of a call share. Times are on the monotonic clock, in milliseconds. */
export interface Frame {
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly budget: Budget;
  readonly webhooks: WebhookHub | undefined;
  /** The caller named the intent: an earlier call may have spent something on it. */
  readonly isNamed: boolean;
  /** It may submit; who waits for a job never does. */
  readonly submits: boolean;
  /** Its caller hears of a picture only when others have ended too. */
  readonly several: boolean;
  readonly onEvent: ((event: ImageEvent) => void) | undefined;
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
  /** Runs for every picture before its intent counts as delivered. */
  readonly deliver: ((image: GeneratedImage, context: DeliveryContext) => unknown) | undefined;
  /** A picture counts as delivered only when the caller says so. */
  readonly isManual: boolean;
  /** Called as soon as a picture is there, before anything is made of it: a hedge ends its other branch. */
  readonly arrived?: (() => Promise<void>) | undefined;
}

/** One picture on its way. */
export interface Picture {
  readonly frame: Frame;
  /** Becomes the call's own when a hedge wins whose call has cost nothing else. */
  intent: Intent;
  /** Which of the `n` pictures, from 0. */
  readonly index: number;
  /** May grow shorter while it runs: a hedge takes the models after the first. */
  route: readonly RouteModel[];
  /** The place in the route that is asked, or that is asked as soon as the attempt before is closed. */
  asking: number;
  readonly emit: Emit;
  state: IntentState;
  /** The hold on the intent in the ledger. */
  owner: string;
  fence: number;
  /** Events that the ledger is known to have; undefined after a write whose fate is open. */
  length: number | undefined;
  /** An `accepted` that the ledger would not take: what follows means nothing without it, so it goes first. */
  unwritten: LedgerEvent | undefined;
  /** Epoch milliseconds of the last event when the intent was taken up. */
  since: number;
  /** Somebody else holds the intent now. */
  lost: boolean;
  /** When the hold has run out, on the monotonic clock: then somebody else may have it. */
  leaseEnd: number;
  /** Delivered before: it is only looked up again, and nothing is written. */
  replayed: boolean;
  /** Who started it gives the intent back: a hedge may go on with it. */
  isKept: boolean;
  /** Jobs that failed are looked at again for their refund. */
  refunds: boolean;
  /** What the current attempt asks for. */
  asked: Asked | undefined;
  reserved: Reservation | undefined;
  /** The limits among whose jobs it has a place: `leavePlace` gives that back. */
  place: Limiter | undefined;
  /** Sends of the current attempt by this process. */
  submits: number;
  /** Milliseconds into the call when the attempt began, and when its job was accepted. */
  begun: number;
  accepted: number | undefined;
  /** Answers that said something about the job, and milliseconds from acceptance to the last that found it unfinished. */
  polls: number;
  lastPoll: number;
  /** Ends the exchange that is under way. */
  cut: AbortController | undefined;
  /** The wait that is under way. */
  waiting: Waiting | undefined;
  /** A `sending` was being written when the picture ended: what follows it is still being written. */
  undoing: Promise<void> | undefined;
  /** The caller's abort. */
  aborted: { readonly reason: unknown } | undefined;
  /** Jobs that could be the lost one, as the last search found them. */
  candidates: readonly Job[];
  attempts: readonly Attempt[];
  warnings: readonly string[];
}

/** Something a picture waits for, and that ends at once when the picture is interrupted. */
export interface Waiting {
  wake(): void;
}

export function createPicture(frame: Frame, intent: Intent, index: number, route: readonly RouteModel[]): Picture {
  // Written out, because V8 keeps what is spread into an object beside it, in steps of three.
  return {
    frame,
    intent,
    index,
    route,
    asking: 0,
    emit: emitOf(frame, intent, index),
    state: fresh,
    owner: crypto.randomUUID(),
    fence: -1,
    length: 0,
    unwritten: undefined,
    since: 0,
    // Until the ledger has answered.
    lost: frame.isNamed,
    leaseEnd: Number.POSITIVE_INFINITY,
    replayed: false,
    isKept: false,
    refunds: false,
    asked: undefined,
    reserved: undefined,
    place: undefined,
    submits: 0,
    begun: Math.round(performance.now() - frame.start),
    accepted: undefined,
    polls: 0,
    lastPoll: 0,
    cut: undefined,
    waiting: undefined,
    undoing: undefined,
    aborted: undefined,
    candidates: none,
    attempts: none,
    warnings: none,
  };
}

const none: readonly never[] = [];

/** A function of its own, so that nothing is kept for a picture whose events nobody reads. */
function emitOf(frame: Frame, { id }: Intent, index: number): Emit {
  const { onEvent, start } = frame;
  return createEmit(onEvent, { intentId: id, picture: index }, () => performance.now() - start);
}

/** Whole milliseconds since the call began: a picture keeps several, and whole numbers weigh nothing. */
export const elapsed = ({ frame }: Picture): number => Math.round(performance.now() - frame.start);

export const warn = (picture: Picture, message: string): void => {
  picture.warnings = [...picture.warnings, message];
};

/** Gives its place within the account's limits back, if it has one. */
export function leavePlace(picture: Pick<Picture, 'place'>): void {
  const { place } = picture;
  picture.place = undefined;
  place?.leave();
}

/** Milliseconds left for this picture: of the call, and of its job. */
export function remaining({ frame, accepted }: Picture): number {
  const now = performance.now();
  const jobEnd = accepted === undefined ? Infinity : frame.start + accepted + frame.policy.jobTimeout;
  return Math.max(0, Math.ceil(Math.min(frame.end, jobEnd) - now));
}

/** The model that is asked now. */
export function modelOf({ route, state }: Picture): RouteModel {
  const model = route[state.model] ?? route.at(-1);
  if (!model) throw new TypeError('a route has at least one model');
  return model;
}

export const hostOf = (picture: Picture): Host => hostAt(modelOf(picture).provider);

export const nameOf = ({ provider, modelId }: RouteModel): string => `${provider.adapter.name}:${modelId}`;

/** Whom an error about this picture is about. */
export function subjectOf(picture: Picture): Subject {
  const { intent } = picture;
  const { modelId } = modelOf(picture);
  return { host: hostOf(picture), modelId, intentId: intent.id, prompt: intent.request.prompt };
}
