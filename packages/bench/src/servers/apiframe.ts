import { bornAt, generationTime, isDone, type Job, type Protocol, type Reply } from './protocol.ts';

/** Apiframe v2 with as little work as possible, for measuring speed; for truth there is `@imageport/emulator`. */
export const apiframeProtocol: Protocol = {
  route(method, path) {
    const [, jobId] = /^\/v2\/jobs\/(\w+)$/.exec(path) ?? [];
    if (jobId) return { phase: 'poll', jobId, reply: (job, origin) => ({ status: 200, body: view(job, origin) }) };
    return method === 'POST' && path === '/v2/images/generate'
      ? { phase: 'submit', reply: ({ id }) => ({ status: 202, body: { jobId: id, status: 'QUEUED' } }) }
      : undefined;
  },
  list: (path, query, jobs, origin) => (path === '/v2/jobs' ? page(query, jobs, origin) : undefined),
};

/** Newest first. The cursor is the number of jobs older than the page. */
function page(query: URLSearchParams, jobs: readonly Job[], origin: string): Reply {
  const end = Number(query.get('cursor') ?? jobs.length);
  const start = Math.max(0, end - Number(query.get('limit') ?? 20));
  const found = jobs.slice(start, end).reverse();
  const nextCursor = start > 0 ? String(start) : null;
  return { status: 200, body: { jobs: found.map((job) => view(job, origin)), nextCursor, hasMore: start > 0 } };
}

function view(job: Job, origin: string): object {
  const done = isDone(job);
  return {
    id: job.id,
    status: done ? 'COMPLETED' : 'PROCESSING',
    model: 'seedream-4',
    progress: done ? 100 : progressOf(job),
    result: done ? { images: [`${origin}/outputs/${job.id}-1.png`] } : null,
    error: null,
    creditCost: 4,
    webhookStatus: null,
    createdAt: bornAt(job),
    completedAt: done ? bornAt(job) : null,
    expired: false,
  };
}

function progressOf({ born, bend, duration = generationTime }: Job): number | null {
  if (bend === undefined) return null;
  const share = Math.min(1, (performance.now() - born) / Math.max(1, duration));
  return Math.min(99, Math.floor(100 * share ** bend));
}
