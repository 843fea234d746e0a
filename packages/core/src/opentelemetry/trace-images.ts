import { context, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import type { ImageEvent } from '../picture/events.ts';
import { abandon, type Generation, hear, openGeneration } from './generation.ts';
import { quietly } from './safe-span.ts';

export interface TraceImagesOptions {
  /** Makes the spans. @default the global tracer named `@imageport/core` */
  tracer?: Tracer | undefined;
  /** Written on every generation as `gen_ai.input.messages`. Events carry no prompt. @default none */
  prompt?: string | undefined;
}

/** Pictures under way at once; the one that was silent longest is ended for a new one. */
const mostOpen = 1_000;
/** Milliseconds. No call is silent for so long: it was given up, or only submitted. */
const longestSilence = 3_600_000;

/**
 * Spans for OpenTelemetry, made from events: give what it returns as `onEvent`, to one call or to many. One span for
 * each picture, below it one for each attempt, below that its phases. The parent is the span that is active at the call.
 */
export function traceImages(options: TraceImagesOptions = {}): (event: ImageEvent) => void {
  const tracer = options.tracer ?? trace.getTracer('@imageport/core');
  const { prompt } = options;
  // In the order in which they were last heard of.
  const open = new Map<string, Generation>();
  return (event) => {
    const at = Date.now();
    const key = `${event.picture} ${event.intentId}`;
    const known = open.get(key);
    // A download after the end belongs to no call.
    if (!known && event.type === 'downloading') return;
    const parent = known ? ROOT_CONTEXT : (quietly(() => context.active()) ?? ROOT_CONTEXT);
    const generation = known ?? openGeneration({ tracer, prompt, parent }, event, at);
    open.delete(key);
    hear(generation, event, at);
    if (event.type !== 'settled') open.set(key, generation);
    dropSilent(open, at - longestSilence);
  };
}

function dropSilent(open: Map<string, Generation>, since: number): void {
  for (const [key, generation] of open) {
    if (generation.heard >= since && open.size <= mostOpen) return;
    open.delete(key);
    abandon(generation);
  }
}
