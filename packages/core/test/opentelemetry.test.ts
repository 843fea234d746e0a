import { AsyncLocalStorage } from 'node:async_hooks';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { type Context, context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GeneratedImage, GenerateImageOptions, ImageEvent, Job } from '../src/index.ts';
import { generateImage, submitImage } from '../src/index.ts';
import { type TraceImagesOptions, traceImages } from '../src/opentelemetry/index.ts';
import { createWorld, type Ending, inVirtualTime, play, type World } from './world.ts';

const prompt = 'a lighthouse in fog at dawn';
const jobOf = (id: string): Job => ({ provider: 'wavespeed', modelId: 'seedream-4', id });

beforeAll(() => {
  const storage = new AsyncLocalStorage<Context>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.apply(self as never, args)),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
});
afterAll(() => context.disable());

interface Tracing {
  readonly onEvent: (event: ImageEvent) => void;
  readonly tracer: NonNullable<TraceImagesOptions['tracer']>;
  /** The ended spans, in the order in which they were begun. */
  spans(): ReadableSpan[];
  /** Spans that were begun and not ended. */
  left(): number;
}

function startTracing(options: TraceImagesOptions = {}): Tracing {
  const exporter = new InMemorySpanExporter();
  const begun: Span[] = [];
  const watch = { onStart: (span: Span) => void begun.push(span), onEnd: () => undefined };
  const idle = { forceFlush: async () => undefined, shutdown: async () => undefined };
  const spanProcessors = [{ ...watch, ...idle }, new SimpleSpanProcessor(exporter)];
  const tracer = new BasicTracerProvider({ spanProcessors }).getTracer('test');
  const order = (each: ReadableSpan): number =>
    begun.findIndex((span) => span.spanContext().spanId === each.spanContext().spanId);
  return {
    onEvent: traceImages({ tracer, ...options }),
    tracer,
    spans: () => exporter.getFinishedSpans().sort((a, b) => order(a) - order(b)),
    left: () => begun.length - exporter.getFinishedSpans().length,
  };
}

/** The spans as an indented list of names. */
function treeOf(spans: readonly ReadableSpan[]): string[] {
  const depth = (span: ReadableSpan): number => {
    const parent = spans.find((each) => each.spanContext().spanId === span.parentSpanContext?.spanId);
    return parent ? depth(parent) + 1 : 0;
  };
  return spans.map((span) => `${'  '.repeat(depth(span))}${span.name}`);
}

const millis = ([seconds, nanos]: readonly [number, number]): number => seconds * 1_000 + nanos / 1e6;

async function trial(
  world: World,
  options: Partial<GenerateImageOptions>,
  tracing = startTracing(),
): Promise<{ ending: Ending; spans: ReadableSpan[]; root: ReadableSpan }> {
  const ending = await play(world, { ...options, prompt, onEvent: tracing.onEvent });
  const spans = tracing.spans();
  expect(tracing.left()).toBe(0);
  const [root] = spans;
  if (!root) throw new Error('there is no span');
  return { ending, spans, root };
}

test('a picture is one span, with its attempt and the phases of it below', async () => {
  const world = createWorld();
  const { spans, root } = await trial(world, { intentId: 'order-1' });
  expect(treeOf(spans)).toEqual([
    'generate_image seedream-4',
    '  attempt wavespeed:seedream-4',
    '    submit',
    '    wait',
  ]);
  expect(root.kind).toBe(SpanKind.CLIENT);
  expect(root.status.code).toBe(SpanStatusCode.UNSET);
  const [job] = world.emulator.jobs();
  expect(root.attributes).toMatchObject({
    'gen_ai.operation.name': 'generate_image',
    'gen_ai.provider.name': 'wavespeed',
    'gen_ai.request.model': 'seedream-4',
    'gen_ai.response.model': 'seedream-4',
    'gen_ai.response.id': job?.id,
    'gen_ai.output.type': 'image',
    'imageport.intent.id': 'order-1',
    'imageport.job.id': job?.id,
    'imageport.outcome': 'completed',
    'imageport.billed': 'yes',
    'imageport.attempts': 1,
  });
  expect(root.attributes['imageport.polls']).toBeGreaterThan(0);
  const wait = spans.find(({ name }) => name === 'wait');
  expect(millis(wait?.duration ?? [0, 0])).toBeGreaterThanOrEqual(4_000);
  expect(millis(root.duration)).toBeGreaterThanOrEqual(millis(wait?.duration ?? [0, 0]));
});

test('the end says what it cost', async () => {
  const { root } = await trial(createWorld(), {});
  expect(root.attributes).toMatchObject({
    'imageport.cost.amount': expect.any(Number),
    'imageport.cost.currency': 'USD',
    'imageport.cost.source': expect.stringMatching(/^(reported|listed)$/),
  });
});

test('a download in `deliver` is a phase; a later one belongs to no call', async () => {
  const { onEvent, spans, left } = startTracing();
  // In real time, because the emulator draws in real time.
  const model = createWavespeed(createEmulator({ generationTime: { fixed: 5 } }).wavespeed)('seedream-4');
  const deliver = async (image: GeneratedImage): Promise<void> => void (await image.bytes());
  await generateImage({ model, prompt, deliver, onEvent });
  expect(left()).toBe(0);
  expect(treeOf(spans()).at(-1)).toBe('    download');
  onEvent({ type: 'downloading', intentId: 'x', picture: 0, elapsed: 9, job: jobOf('j') });
  expect(left()).toBe(0);
});

test('a refusal and the fallback after it are two attempts', async () => {
  const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', status: 429 }] });
  const { spans, root } = await trial(world, { model: [world.model('wavespeed'), world.model('apiframe')] });
  expect(treeOf(spans)).toEqual([
    'generate_image seedream-4',
    '  attempt wavespeed:seedream-4',
    '    submit',
    '  attempt apiframe:seedream-4',
    '    submit',
    '    wait',
  ]);
  const [refused, second] = spans.filter(({ name }) => name.startsWith('attempt'));
  expect(refused?.status.code).toBe(SpanStatusCode.ERROR);
  expect(refused?.attributes).toMatchObject({ 'error.type': 'rate_limited', 'gen_ai.provider.name': 'wavespeed' });
  expect(second?.parentSpanContext?.spanId).toBe(root.spanContext().spanId);
  expect(root.status.code).toBe(SpanStatusCode.UNSET);
  expect(root.attributes).toMatchObject({ 'imageport.attempts': 2, 'gen_ai.provider.name': 'apiframe' });
  expect(root.events.map(({ name }) => name)).toEqual(['imageport.fallback']);
});

test('a model that refuses before anything is sent is an attempt too', async () => {
  const world = createWorld();
  const route = [world.model('wavespeed', 'seedream-9'), world.model('apiframe')];
  const { spans, root } = await trial(world, { model: route });
  expect(treeOf(spans).filter((name) => /attempt/.test(name))).toHaveLength(2);
  expect(spans[1]?.attributes['error.type']).toBe('not_found');
  expect(root.attributes).toMatchObject({ 'imageport.attempts': 2, 'imageport.billed': 'yes' });
});

test('repeats and their reasons are events of the attempt', async () => {
  const world = createWorld({ faults: [{ on: 'submit', status: 429, times: 1 }] });
  const { spans } = await trial(world, {});
  const attempt = spans.find(({ name }) => name.startsWith('attempt'));
  const retrying = attempt?.events.find(({ name }) => name === 'imageport.retrying');
  expect(retrying?.attributes).toMatchObject({ 'error.type': 'rate_limited', 'imageport.delay': expect.any(Number) });
  expect(treeOf(spans).filter((name) => name.trim() === 'submit')).toHaveLength(1);
});

test('a failure has the code as its type, and says whether it was paid', async () => {
  const world = createWorld({ faults: [{ on: 'submit', status: 401 }] });
  const { ending, spans, root } = await trial(world, {});
  expect(ending.error?.code).toBe('unauthenticated');
  for (const span of spans) expect(span.status.code).toBe(SpanStatusCode.ERROR);
  expect(root.attributes).toMatchObject({
    'error.type': 'unauthenticated',
    'imageport.outcome': 'failed',
    'imageport.billed': 'no',
  });
});

test('an abort ends all spans, with what is known of the money', async () => {
  const controller = new AbortController();
  const tracing = startTracing();
  await play(createWorld({ generationTime: { fixed: 60_000 } }), {
    signal: controller.signal,
    onEvent: (event) => {
      tracing.onEvent(event);
      if (event.type === 'polling') controller.abort();
    },
  });
  expect(tracing.left()).toBe(0);
  const [root] = tracing.spans();
  expect(root?.status.code).toBe(SpanStatusCode.UNSET);
  expect(root?.attributes).toMatchObject({ 'imageport.outcome': 'aborted', 'imageport.billed': 'yes' });
});

test('two pictures are two spans, below the span that was active at the call', async () => {
  const tracing = startTracing();
  const parent = tracing.tracer.startSpan('request');
  const active = trace.setSpan(ROOT_CONTEXT, parent);
  await context.with(active, () => play(createWorld(), { n: 2, intentId: 'pair', onEvent: tracing.onEvent }));
  parent.end();
  expect(tracing.left()).toBe(0);
  const spans = tracing.spans();
  expect(treeOf(spans)).toEqual(expect.arrayContaining(['  generate_image seedream-4']));
  const pictures = spans.filter(({ name }) => name === 'generate_image seedream-4');
  expect(pictures.map(({ attributes }) => attributes['imageport.intent.id'])).toEqual(['pair', 'pair#2']);
  for (const { parentSpanContext } of pictures) expect(parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
});

const written = (spans: readonly ReadableSpan[]): string =>
  JSON.stringify(spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })));

test('no span holds the prompt, unless it is given', async () => {
  const refusing = { faults: [{ host: 'wavespeed' as const, on: 'submit' as const, status: 429 }] };
  const world = createWorld(refusing);
  const model = [world.model('wavespeed'), world.model('apiframe')];
  const silent = await trial(world, { model });
  expect(written(silent.spans)).not.toContain('lighthouse');
  const { root, spans } = await trial(createWorld(), {}, startTracing({ prompt }));
  expect(JSON.parse(String(root.attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: prompt }] },
  ]);
  expect(written(spans.slice(1))).not.toContain('lighthouse');
});

test('a tracer that throws costs neither the picture nor the other spans', async () => {
  const { tracer: inner, spans } = startTracing();
  let count = 0;
  const startSpan: typeof inner.startSpan = (...args) => {
    count += 1;
    if (count % 2 === 0) throw new Error('no span');
    const span = inner.startSpan(...args);
    return Object.assign(span, {
      setAttributes: () => {
        throw new Error('no attributes');
      },
    });
  };
  const tracer = { startSpan, startActiveSpan: inner.startActiveSpan };
  const ending = await play(createWorld(), { onEvent: traceImages({ tracer }) });
  expect(ending.images).toBe(1);
  expect(treeOf(spans())).toEqual(['generate_image seedream-4', '  submit']);
});

test('what is never settled is ended after an hour of silence, at its last event', async () => {
  const tracing = startTracing();
  await inVirtualTime(async () => {
    await submitImage({ model: createWorld().model('wavespeed'), prompt, onEvent: tracing.onEvent });
    expect(tracing.left()).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 3_700_000));
    tracing.onEvent({ type: 'warning', message: 'x', intentId: 'other', picture: 0, elapsed: 1 });
    tracing.onEvent({ type: 'settled', outcome: 'failed', billed: 'no', intentId: 'other', picture: 0, elapsed: 1 });
  });
  expect(tracing.left()).toBe(0);
  const [root] = tracing.spans();
  expect(root?.attributes).toMatchObject({ 'imageport.outcome': 'unsettled', 'imageport.billed': 'unknown' });
  expect(millis(root?.duration ?? [0, 0])).toBeLessThan(60_000);
});

test('no more than a thousand pictures are kept', () => {
  const tracing = startTracing();
  for (let picture = 0; picture < 1_200; picture += 1) {
    tracing.onEvent({ type: 'warning', message: 'x', intentId: 'x', picture, elapsed: 0 });
  }
  expect(tracing.left()).toBe(1_000);
});

test('attempts that run at once are told apart by their jobs', () => {
  const tracing = startTracing();
  const about = { intentId: 'x', picture: 0, elapsed: 0 };
  const first = jobOf('first');
  const second = { ...jobOf('second'), provider: 'apiframe' };
  const { onEvent } = tracing;
  onEvent({ ...about, type: 'queued', provider: 'wavespeed', modelId: 'seedream-4', ahead: 2 });
  onEvent({ ...about, type: 'submitting', provider: 'wavespeed', modelId: 'seedream-4', attempt: 1 });
  onEvent({ ...about, type: 'accepted', job: first });
  onEvent({ ...about, type: 'hedging', from: 'wavespeed:seedream-4', to: 'apiframe:seedream-4', after: 9 });
  onEvent({ ...about, type: 'submitting', provider: 'apiframe', modelId: 'seedream-4', attempt: 2 });
  onEvent({ ...about, type: 'polling', job: first, polls: 1 });
  onEvent({ ...about, type: 'accepted', job: second });
  onEvent({ ...about, type: 'polling', job: second, polls: 1 });
  onEvent({ ...about, type: 'settled', outcome: 'failed', billed: 'yes', code: 'job_failed', job: second });
  expect(tracing.left()).toBe(0);
  const spans = tracing.spans();
  expect(treeOf(spans)).toEqual([
    'generate_image seedream-4',
    '  attempt wavespeed:seedream-4',
    '    queue',
    '    submit',
    '    wait',
    '  attempt apiframe:seedream-4',
    '    submit',
    '    wait',
  ]);
  const attempts = spans.filter(({ name }) => name.startsWith('attempt'));
  expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual([undefined, 'job_failed']);
  expect(attempts.map(({ attributes }) => attributes['imageport.job.id'])).toEqual(['first', 'second']);
  expect(spans[0]?.events.map(({ name }) => name)).toEqual(['imageport.hedging']);
});
