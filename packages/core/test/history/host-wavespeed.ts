import type { View } from './host-jobs.ts';
import { type Asked, hex, type Page, pictureUrl, type Shown, type Wire, type Words } from './host-words.ts';

const envelope = (data: unknown): unknown => ({ code: 200, message: 'success', data });

const status = (view: View): string =>
  view.status === 'queued' ? 'created' : view.status === 'running' ? 'processing' : view.status;

const prediction = ([job, view, madeAt]: Shown, inputs: boolean): object => ({
  id: job.id,
  model: job.model,
  outputs: view.status === 'completed' && !view.empty ? [pictureUrl(job)] : [],
  urls: { get: `https://api.wavespeed.ai/api/v3/predictions/${job.id}/result` },
  has_nsfw_contents: null,
  status: status(view),
  created_at: madeAt,
  error: ['failed', 'timeout', 'deleted', 'cancelled'].includes(view.status) ? 'the task did not succeed' : '',
  ...(inputs ? { input: job.body } : {}),
});

function readPage({ body }: Wire): Page {
  const size = Math.min(100, Number(body.page_size ?? 10));
  const time = (value: unknown, otherwise: number): number =>
    typeof value === 'string' ? Date.parse(value) : otherwise;
  return {
    size,
    from: (Number(body.page ?? 1) - 1) * size,
    since: time(body.created_after, Number.NEGATIVE_INFINITY),
    until: time(body.created_before, Number.POSITIVE_INFINITY),
    model: typeof body.model === 'string' ? body.model : undefined,
    status: typeof body.status === 'string' ? body.status : undefined,
  };
}

function read(wire: Wire): Asked {
  const { method, url, body } = wire;
  const path = url.pathname.replace(/^\/api\/v3/, '');
  const [, id] = /^\/predictions\/([^/]+)(\/result)?$/.exec(path) ?? [];
  if (method === 'GET' && id) return { kind: 'poll', id: decodeURIComponent(id) };
  if (method === 'GET' && path === '/balance') return { kind: 'free', body: envelope({ balance: 12.5 }) };
  if (method === 'GET' && path === '/models') return { kind: 'free', body: envelope([]) };
  if (method !== 'POST') return { kind: 'nothing' };
  if (path === '/predictions') return { kind: 'list', page: readPage(wire) };
  const ids = Array.isArray(body.prediction_uuids) ? body.prediction_uuids.map(String) : [];
  if (path === '/billings/search') return { kind: 'billing', ids };
  return { kind: 'submit', model: path.slice(1), path: url.pathname + url.search };
}

/** WaveSpeed v3: an envelope around everything, no idempotency key, inputs in the list when they are asked for. */
export const wavespeedWords: Words = {
  name: 'wavespeed',
  accepted: 200,
  newId: (random) => hex(random, 32),
  read,
  receipt: (job, view) => envelope(prediction([job, { ...view, empty: true }, ''], false)),
  job: (shown) => envelope(prediction(shown, false)),
  list: (shown, { from, size }) =>
    envelope({ page: from / size + 1, items: shown.map((each) => prediction(each, true)) }),
  billing: (shown) =>
    envelope({
      page: 1,
      total: shown.length,
      items: shown.flatMap(([job, view]) => {
        const item = { price: 0.027, prediction: { uuid: job.id, model_uuid: job.model, status: status(view) } };
        const deduct = { ...item, uuid: `d${job.id}`, billing_type: 'deduct' };
        return view.charged ? [deduct] : [deduct, { ...item, uuid: `r${job.id}`, billing_type: 'refund' }];
      }),
    }),
  refusal: (code, message) => ({ code, message }),
};
