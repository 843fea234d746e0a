import type { Adapter } from '../../src/contract/adapter.ts';
import type { Family } from '../../src/contract/family.ts';
import type { JsonObject } from '../../src/contract/json.ts';
import { createProvider, type ImageModel } from '../../src/index.ts';
import '../loaded.ts';
import { fakeAdapter } from '../parts/fake.ts';

const usd = (amount: number, asOf?: string) =>
  ({ amount, currency: 'USD', source: 'listed', ...(asOf ? { asOf } : {}) }) as const;
const gone = { seen: '2026-03-13', by: '2026-06-12' };

/** A host with a model or two for every verb. */
export const families: readonly Family[] = [
  {
    models: [
      { ids: ['paint'], native: 'studio/paint', price: usd(0.02, '2026-06-12') },
      { ids: ['old-paint'], native: 'studio/old-paint', price: usd(0.01, '2026-03-13'), gone },
      { ids: ['unlisted'], native: 'studio/unlisted' },
    ],
    accepts: { images: { min: 0, max: 2 }, mask: 'optional', seed: true },
    fields: { images: { type: 'urls' }, mask: { type: 'text' }, seed: { type: 'integer' } },
    partly: true,
    toWire: ({ images, mask, seed }) => ({ images: images.length ? [...images] : undefined, mask, seed }),
  },
  {
    task: 'upscale',
    models: [{ ids: ['larger'], native: 'studio/larger', price: ({ by }) => usd(0.01 * Number(by ?? 2)) }],
    accepts: { prompt: 'optional', images: { min: 1, max: 1 }, scales: [2, 4], seed: true, outputFormats: ['png'] },
    fields: { image: { type: 'text' }, by: { type: 'number' }, seed: { type: 'integer' }, format: { type: 'text' } },
    toWire: ({ images: [image], scale, seed, outputFormat }) => ({ image, by: scale, seed, format: outputFormat }),
  },
  {
    task: 'upscale',
    models: [{ ids: ['sharper'], native: 'studio/sharper' }],
    accepts: { prompt: 'none', images: { min: 1, max: 1 }, geometry: { resolutions: ['2K', '4K'] } },
    fields: { image: { type: 'text' }, target: { type: 'text' } },
    toWire: ({ images: [image], shape }) => ({
      image,
      target: shape.kind === 'ratio' ? shape.resolution?.toLowerCase() : undefined,
    }),
  },
  {
    task: 'remove-background',
    models: [{ ids: ['cut'], native: 'studio/cut', price: usd(0.005) }],
    accepts: { prompt: 'none', images: { min: 1, max: 1 }, outputFormats: ['png', 'webp'] },
    fields: { image: { type: 'text' }, format: { type: 'text' } },
    toWire: ({ images: [image], outputFormat }) => ({ image, format: outputFormat }),
  },
  {
    task: 'vary',
    models: [{ ids: ['paint'], native: 'studio/again', price: usd(0.03) }],
    accepts: { prompt: 'optional', mask: 'optional' },
    fields: { parent: { type: 'text' }, action: { type: 'text' }, index: { type: 'integer' }, mask: { type: 'text' } },
    toWire: ({ vary, mask }) => ({ parent: vary?.job.id, action: vary?.action, index: vary?.index, mask }),
  },
];

export const studioAdapter = (more: Partial<Adapter> = {}): Adapter =>
  fakeAdapter({
    families,
    interval: 1_000,
    parse: (body) => {
      const { id, done, error } = (body ?? {}) as { id?: unknown; done?: unknown; error?: unknown };
      const message = typeof error === 'string' ? { message: error } : {};
      if (typeof id !== 'string' || id === '') return { state: 'unrecognised', outputs: [], ...message };
      if (typeof error === 'string') return { id, state: 'failed', outputs: [], ...message };
      const outputs = done === true ? [{ url: `https://fake.example/${id}.png` }] : [];
      return { id, state: done === true ? 'completed' : 'processing', outputs };
    },
    ...more,
  });

export const quote: NonNullable<Adapter['quote']> = {
  toRequest: ({ model, fields }) => ({ method: 'POST', path: '/price', body: { model, ...fields } }),
  parse: (body) => {
    const { price } = (body ?? {}) as { price?: unknown };
    return typeof price === 'number' ? { amount: price, currency: 'USD', source: 'quoted' } : undefined;
  },
};

/** What the host prices a request at, or how it fails to. */
export type Pricing = (request: JsonObject) => number | 'silence' | 'nonsense' | 'down';

export interface Studio {
  model(id: string): ImageModel;
  /** The same host in another process: it knows the jobs, and nobody here does. */
  anew(id: string, more?: Partial<Adapter>): ImageModel;
  /** What was submitted, as path and body. */
  readonly submits: [string, JsonObject][];
  /** What prices were asked for. */
  readonly quotes: JsonObject[];
}

let studios = 0;

/** A host as small as it can be: a job is done at its second poll, and prices are quoted if there is `pricing`. */
export function createStudio({ pricing, ...more }: Partial<Adapter> & { pricing?: Pricing } = {}): Studio {
  const submits: [string, JsonObject][] = [];
  const quotes: JsonObject[] = [];
  const polls = new Map<string, number>();
  studios += 1;
  const prefix = `job-${studios}-`;
  const answer = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname === '/upload') return Response.json({ url: `https://fake.example/uploaded-${polls.size}.png` });
    if (pathname.startsWith('/jobs/')) {
      const id = pathname.slice('/jobs/'.length);
      polls.set(id, (polls.get(id) ?? 0) + 1);
      return Response.json({ id, done: (polls.get(id) ?? 0) > 1 });
    }
    const body = JSON.parse(String(init?.body ?? (await (input as Request).text()))) as JsonObject;
    if (pathname === '/price') {
      quotes.push(body);
      const price = pricing?.(body);
      if (price === 'silence') return new Promise(() => undefined);
      if (price === 'down') return new Response('busy', { status: 503 });
      return Response.json(price === 'nonsense' ? { price: -1 } : { price });
    }
    submits.push([pathname, body]);
    return Response.json({ id: `${prefix}${submits.length}` });
  };
  const open = (now: Partial<Adapter> = {}) =>
    createProvider(studioAdapter({ ...(pricing ? { quote } : {}), ...more, ...now }), { apiKey: 'k', fetch: answer });
  const own = open();
  return { submits, quotes, model: (id) => own(id), anew: (id, now) => open(now)(id) };
}
