import { makeImages } from './generate.ts';
import type { ImageEvent } from './picture/events.ts';
import type { GenerateImageResult } from './picture/result.ts';
import type { ImageOptions } from './verbs.ts';

/** The events of a call as they happen, and its end. */
export interface ImageStream extends AsyncIterable<ImageEvent> {
  /** What the call returns or throws. */
  readonly result: Promise<GenerateImageResult>;
}

/**
 * Starts a call of `generateImage`, or of the verb that `task` names, and lets its events be read with `for await`. The loop ends with the call; to leave
 * it early does not end the call, because a job may be paid already: abort with `signal` for that.
 */
export function streamImage(options: ImageOptions): ImageStream {
  const events: ImageEvent[] = [];
  let ended = false;
  let wake = (): void => undefined;
  const news = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  let next = news();
  const turn = (): void => {
    wake();
    next = news();
  };
  const own = options?.onEvent;
  // What the caller's own listener returns goes on, because it may be a promise that fails.
  const onEvent = (event: ImageEvent): unknown => {
    events.push(event);
    turn();
    return own?.(event);
  };
  const isWrong = own !== undefined && typeof own !== 'function';
  const result = makeImages({ ...options, onEvent: isWrong ? own : onEvent });
  const end = (): void => {
    ended = true;
    turn();
  };
  result.then(end, end);
  return {
    result,
    async *[Symbol.asyncIterator]() {
      for (let index = 0; ; index += 1) {
        while (index >= events.length && !ended) await next;
        const event = events[index];
        if (!event) return;
        yield event;
      }
    },
  };
}
