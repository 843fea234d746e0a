import type { Job } from '../contract/job.ts';
import type { Billed, Cost } from '../contract/result.ts';
import type { ErrorCode } from '../errors/error-traits.ts';

/** What happens during a call, as it happens. No event carries the prompt or a key. */
export type ImageEvent = EventContext &
  (
    | { readonly type: 'queued'; readonly provider: string; readonly modelId: string; readonly ahead: number }
    | { readonly type: 'submitting'; readonly provider: string; readonly modelId: string; readonly attempt: number }
    | { readonly type: 'retrying'; readonly provider: string; readonly code: ErrorCode; readonly delay: number }
    | { readonly type: 'reconciling'; readonly provider: string; readonly delay: number }
    | { readonly type: 'warning'; readonly message: string }
    | { readonly type: 'accepted'; readonly job: Job }
    | { readonly type: 'polling'; readonly job: Job; readonly polls: number }
    | { readonly type: 'progress'; readonly job: Job; readonly state: string; readonly progress?: number }
    | {
        readonly type: 'fallback';
        readonly from: string;
        readonly to: string;
        readonly code: ErrorCode;
        /** Why, in words: the message of the error that ended the attempt. */
        readonly reason: string;
      }
    | { readonly type: 'hedging'; readonly from: string; readonly to: string; readonly after: number }
    | { readonly type: 'downloading'; readonly job: Job }
    | {
        readonly type: 'settled';
        readonly outcome: 'completed' | 'failed' | 'aborted';
        readonly billed: Billed;
        /** Whom the last attempt was at. */
        readonly provider?: string;
        readonly modelId?: string;
        readonly code?: ErrorCode;
        readonly job?: Job;
        /** What the pictures of this intent cost, where it completed. */
        readonly cost?: Cost;
      }
  );

export interface EventContext {
  readonly intentId: string;
  /** Which of the `n` pictures, from 0. */
  readonly picture: number;
  /** Milliseconds since the call began. */
  readonly elapsed: number;
}

type WithoutContext<E> = E extends unknown ? Omit<E, keyof EventContext> : never;
export type Emit = (event: WithoutContext<ImageEvent>) => void;

const silence: Emit = () => undefined;

/** Hands events to the caller; what the caller's function throws stays the caller's. */
export function createEmit(
  listener: ((event: ImageEvent) => void) | undefined,
  context: Omit<EventContext, 'elapsed'>,
  elapsed: () => number,
): Emit {
  if (!listener) return silence;
  return (event) => {
    try {
      const returned: unknown = listener({ ...event, ...context, elapsed: Math.round(elapsed()) } as ImageEvent);
      // A listener may be async: its rejection is its own too.
      Promise.resolve(returned).catch(() => undefined);
    } catch {
      // A listener that fails must not cost a paid picture.
    }
  };
}
