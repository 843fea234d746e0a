import { file, isDone, type Job, type Protocol, type Reply } from './protocol.ts';

/** Where the service keeps its files; the clients are given a `fetch` that finds it on this machine. */
export const delivery = 'https://replicate.delivery';

/**
 * Replicate's predictions. A create is answered at once with "starting", as for a model that has to boot longer than
 * the wait of `Prefer: wait`.
 */
export const replicateProtocol: Protocol = {
  route(method, path) {
    if (method === 'POST' && /^\/v1\/(models\/[^/]+\/[^/]+\/)?predictions$/.test(path)) {
      return { phase: 'submit', reply: (job, origin) => prediction(job, origin, 201, 'starting') };
    }
    const [, jobId, cancel] = /^\/v1\/predictions\/(\w+)(\/cancel)?$/.exec(path) ?? [];
    if (jobId && cancel) {
      return { phase: 'other', jobId, reply: (job, origin) => prediction(job, origin, 200, 'canceled') };
    }
    if (jobId) {
      return {
        phase: 'poll',
        jobId,
        reply: (job, origin) => prediction(job, origin, 200, isDone(job) ? 'succeeded' : 'processing'),
      };
    }
    const [, fileOf] = /^\/delivery\/(\w+)\/out-0\.png$/.exec(path) ?? [];
    return fileOf ? { phase: 'download', jobId: fileOf, reply: file } : undefined;
  },
};

function prediction(job: Job, origin: string, status: number, state: string): Reply {
  const get = `${origin}/v1/predictions/${job.id}`;
  const done = state === 'succeeded';
  const body = {
    id: job.id,
    model: 'black-forest-labs/flux-schnell',
    version: 'hidden',
    input: {},
    logs: '',
    error: null,
    status: state,
    output: !done ? null : job.empty ? [] : [`${delivery}/${job.id}/out-0.png`],
    created_at: new Date().toISOString(),
    urls: { get, cancel: `${get}/cancel` },
  };
  return { status, body };
}
