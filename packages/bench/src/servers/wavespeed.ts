import { bornAt, file, isDone, type Job, type Protocol, type Reply } from './protocol.ts';

/** WaveSpeedAI v3 with as little work as possible, for measuring speed; for truth there is `@imageport/emulator`. */
export const wavespeedProtocol: Protocol = {
  route(method, path) {
    const [, jobId] = /^\/api\/v3\/predictions\/(\w+)\/result$/.exec(path) ?? [];
    if (jobId) return { phase: 'poll', jobId, reply: prediction };
    const [, fileOf] = /^\/outputs\/(\w+)-1\.png$/.exec(path) ?? [];
    if (fileOf) return { phase: 'download', jobId: fileOf, reply: file };
    return method === 'POST' && path.startsWith('/api/v3/bytedance/')
      ? { phase: 'submit', reply: (job, origin) => prediction(job, origin, 'created') }
      : undefined;
  },
};

function prediction(job: Job, origin: string, state?: string): Reply {
  const done = state === undefined && isDone(job);
  const data = {
    id: job.id,
    model: 'bytedance/seedream-v4',
    outputs: done ? [`${origin}/outputs/${job.id}-1.png`] : [],
    urls: { get: `${origin}/api/v3/predictions/${job.id}/result` },
    has_nsfw_contents: done ? [false] : [],
    status: state ?? (done ? 'completed' : 'processing'),
    created_at: bornAt(job),
    error: '',
    timings: { inference: done ? job.duration : 0 },
    ...(done ? { executionTime: job.duration } : {}),
  };
  return { status: 200, body: { code: 200, message: 'success', data } };
}
