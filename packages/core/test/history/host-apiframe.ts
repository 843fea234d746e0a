import type { View } from './host-jobs.ts';
import { type Asked, hex, pictureUrl, type Shown, type Wire, type Words } from './host-words.ts';

const status = (view: View): string => {
  if (view.status === 'queued') return 'QUEUED';
  if (view.status === 'running') return 'PROCESSING';
  return view.status === 'completed' || view.status === 'cancelled' ? view.status.toUpperCase() : 'FAILED';
};

const price = 3;

const job = ([each, view, madeAt]: Shown): object => {
  const done = view.status === 'completed';
  return {
    id: each.id,
    status: status(view),
    model: each.model,
    progress: done ? 100 : view.progress,
    result: done && !view.empty ? { images: [pictureUrl(each)] } : null,
    error: view.status === 'failed' ? 'Provider returned an error: it did not work' : null,
    creditCost: view.charged === undefined ? null : view.charged ? price : 0,
    webhookStatus: null,
    createdAt: madeAt,
    completedAt: null,
  };
};

function read({ method, url }: Wire): Asked {
  const path = url.pathname;
  const [, id] = /^\/v2\/jobs\/([^/]+)$/.exec(path) ?? [];
  if (method === 'GET' && id) return { kind: 'poll', id: decodeURIComponent(id) };
  if (method === 'GET' && path === '/v2/me') return { kind: 'free', body: { user: {}, team: { credits: 900 } } };
  if (method === 'GET' && path === '/v2/models') return { kind: 'free', body: { models: [] } };
  if (method === 'GET' && path === '/v2/jobs') {
    const size = Math.min(100, Number(url.searchParams.get('limit') ?? 20));
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const page = { size, from, since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
    const only = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
    return { kind: 'list', page: { ...page, model: only('model'), status: only('status') } };
  }
  return method === 'POST' && path === '/v2/images/generate'
    ? { kind: 'submit', model: '', path }
    : { kind: 'nothing' };
}

/** Apiframe v2: bare objects, keys honoured for 24 hours, no inputs in the list. */
export const apiframeWords: Words = {
  name: 'apiframe',
  accepted: 202,
  newId: (random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`,
  read,
  receipt: ({ id }, view) => ({ jobId: id, status: status(view) === 'CANCELLED' ? 'FAILED' : status(view) }),
  job: (shown, tellsInputs) => ({ ...job(shown), input: tellsInputs ? shown[0].body : null }),
  list: (shown, { from, size }, more) => ({
    jobs: shown.map((each) => ({ ...job(each), expired: false })),
    nextCursor: more ? `${from + size}` : null,
    hasMore: more,
  }),
  billing: () => ({ error: 'Not found' }),
  refusal: (_status, error) => ({ error }),
};
