import { ImageError } from '../errors/image-error.ts';
import type { Host } from '../host/host.ts';
import type { Lane } from '../host/scheduler.ts';
import { elapsed, hostOf, type Picture, remaining } from './picture.ts';

/** Thrown through what a picture waits for when the caller aborts or the time is up; `next` decides what it means. */
export class Interrupted extends Error {}

export const isInterrupted = (picture: Picture): boolean => picture.aborted !== undefined || remaining(picture) <= 0;

/** Ends whatever the picture is doing. */
export function interrupt(picture: Picture): void {
  picture.cut?.abort(new Interrupted('ended by its caller or its time'));
  picture.waiting?.wake();
}

/** Waits for a promise, at most until the picture is interrupted. */
export function guard<T>(picture: Picture, work: Promise<T>): Promise<T> {
  if (isInterrupted(picture)) {
    work.catch(() => undefined);
    return Promise.reject(new Interrupted());
  }
  return new Promise((resolve, reject) => {
    picture.waiting = { wake: () => reject(new Interrupted()) };
    work.then(resolve, reject);
  });
}

/** Work that can be cut off: its signal aborts when the picture is interrupted. */
export async function interruptible<T>(picture: Picture, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (isInterrupted(picture)) throw new Interrupted();
  const cut = new AbortController();
  picture.cut = cut;
  try {
    return await guard(picture, work(cut.signal));
  } finally {
    picture.cut = undefined;
  }
}

/** Waits so many milliseconds. */
export function pause(picture: Picture, duration: number): Promise<void> {
  if (duration <= 0) return Promise.resolve();
  const { scheduler } = hostOf(picture);
  return new Promise((resolve, reject) => {
    const alarm = scheduler.alarm(performance.now() + duration, () => {
      picture.waiting = undefined;
      resolve();
    });
    const wake = (): void => {
      picture.waiting = undefined;
      scheduler.cancelAlarm(alarm);
      reject(new Interrupted());
    };
    picture.waiting = { wake };
    if (isInterrupted(picture)) wake();
  });
}

/** A slot for one request to the picture's host, with what gives it back. `begun` runs in the moment it is given. */
export function slot(picture: Picture, lane: Lane, begun?: () => void): Promise<() => void> {
  const { scheduler } = hostOf(picture);
  return new Promise((resolve, reject) => {
    if (isInterrupted(picture)) return reject(new Interrupted());
    const ticket = scheduler.add(lane, performance.now(), (leave) => {
      picture.waiting = undefined;
      begun?.();
      resolve(leave);
    });
    if (ticket.cancelled) return;
    const wake = (): void => {
      picture.waiting = undefined;
      scheduler.cancel(ticket);
      reject(new Interrupted());
    };
    picture.waiting = { wake };
    // Others that were given a slot meanwhile may have ended it.
    if (isInterrupted(picture)) wake();
  });
}

/** Milliseconds since the job was accepted, as far as this process knows. */
export const sinceAccepted = (picture: Picture): number => elapsed(picture) - (picture.accepted ?? 0);

/** Waits for a promise until `at` (monotonic milliseconds), or until the signal aborts. Then, and if it fails: undefined. */
export function within<T>(
  { scheduler }: Pick<Host, 'scheduler'>,
  signal: AbortSignal | undefined,
  at: number,
  work: Promise<T>,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = (value?: T): void => {
      scheduler.cancelAlarm(alarm);
      signal?.removeEventListener('abort', giveUp);
      resolve(value);
    };
    const giveUp = (): void => end();
    const alarm = scheduler.alarm(at, giveUp);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    work.then(end, giveUp);
  });
}

/** What a ledger rejected with, as an error of ours. */
export function toLedgerError(error: unknown): unknown {
  if (ImageError.is(error) || error instanceof Interrupted) return error;
  return new ImageError({
    code: 'unavailable',
    reason: 'ledger_unavailable',
    message: 'The ledger could not write, so nothing was sent. Make its place writable, or give another `ledger`.',
    billed: 'no',
    stage: 'ledger',
    cause: error,
  });
}
