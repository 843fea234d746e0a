import { file, isDone, type Job, type Protocol, type Reply, type Route } from './protocol.ts';

const result = (job: Job, origin: string): Reply => ({
  status: 200,
  headers: { 'x-fal-request-id': job.id },
  body: {
    images: job.empty ? [] : [{ url: `${origin}/files/${job.id}.png`, width: 1, height: 1, content_type: 'image/png' }],
    prompt: 'a cat',
    seed: 1,
    has_nsfw_concepts: job.empty ? [] : [false],
  },
});

function fileRoute(path: string): Route | undefined {
  const [, jobId] = /^\/files\/(\w+)\.png$/.exec(path) ?? [];
  return jobId ? { phase: 'download', jobId, reply: file } : undefined;
}

/** fal's queue (queue.fal.run): submit, status, result. */
export const falQueueProtocol: Protocol = {
  route(method, path) {
    const [, jobId, action] = /^\/fal-ai\/flux\/requests\/(\w+)(\/status|\/cancel)?$/.exec(path) ?? [];
    if (jobId && action === '/cancel') {
      return { phase: 'other', jobId, reply: () => ({ status: 202, body: { status: 'CANCELLATION_REQUESTED' } }) };
    }
    if (jobId && action === '/status') {
      return {
        phase: 'poll',
        jobId,
        reply: (job, origin) => queued(job, origin, isDone(job) ? 'COMPLETED' : 'IN_PROGRESS'),
      };
    }
    if (jobId) return { phase: 'poll', jobId, reply: result };
    if (method === 'POST' && path === '/fal-ai/flux/schnell') {
      return { phase: 'submit', reply: (job, origin) => queued(job, origin, 'IN_QUEUE') };
    }
    return fileRoute(path);
  },
};

function queued(job: Job, origin: string, status: string): Reply {
  const response = `${origin}/fal-ai/flux/requests/${job.id}`;
  const body = {
    status,
    request_id: job.id,
    queue_position: 0,
    logs: null,
    response_url: response,
    status_url: `${response}/status`,
    cancel_url: `${response}/cancel`,
  };
  return { status: 200, headers: { 'x-fal-request-id': job.id }, body };
}

/** fal's synchronous endpoint (fal.run), which the AI SDK uses: one request holds until the picture is done. */
export const falRunProtocol: Protocol = {
  route: (method, path) =>
    method === 'POST' && path === '/fal-ai/flux/schnell' ? { phase: 'submit', reply: result } : fileRoute(path),
};
