// Both hosts as a function in the place of `fetch`, for runtimes in which nothing can listen.

/** The smallest picture there is: one pixel, as a PNG. */
const picture = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (letter) => letter.charCodeAt(0),
);
const outputs = ['https://8.8.8.8/outputs/1.png'];
const json = (body, status = 200) => Response.json(body, { status });
const wavespeedTask = (id, status) => ({
  code: 200,
  message: 'success',
  data: { id, model: 'bytedance/seedream-v4', status, outputs: status === 'completed' ? outputs : [], error: '' },
});
const apiframeJob = (id) => ({
  id,
  status: 'COMPLETED',
  model: 'seedream-4',
  result: { images: outputs },
  error: null,
});

/** What is answered: the first row that fits. */
const routes = [
  [/^POST .*\/api\/v3\/predictions$/, () => json({ code: 200, data: { page: 1, total: 0, items: [] } })],
  [/^POST .*\/api\/v3\/bytedance\//, (id) => json(wavespeedTask(id, 'created')), 'submit'],
  [/^GET .*\/api\/v3\/predictions\/([\w-]+)\/result$/, (_, found) => json(wavespeedTask(found, 'completed'))],
  [/^POST .*\/v2\/images\/generate$/, (id) => json({ jobId: id, status: 'QUEUED' }, 202), 'submit'],
  [/^GET .*\/v2\/jobs\/([\w-]+)$/, (_, found) => json(apiframeJob(found))],
  [/^GET .*\/outputs\//, () => new Response(picture, { headers: { 'content-type': 'image/png' } })],
];

/**
 * A host. `lost` answers to submits are lost after the job was accepted; `refusal` is the status of every submit.
 *
 * @param {{ lost?: number, refusal?: number }} [behaviour]
 */
export function createStub({ lost = 0, refusal } = {}) {
  const requests = [];
  const jobs = new Map();
  let left = lost;
  async function fetch(input, init = {}) {
    const request = new Request(input, init);
    const line = `${request.method} ${request.url}`;
    const authorization = request.headers.get('authorization') ?? request.headers.get('x-api-key');
    const [pattern, answer, kind] = routes.find(([each]) => each.test(line)) ?? [];
    requests.push({ line, kind, authorization });
    if (!answer) return json({ error: `the stub has no ${line}` }, 404);
    if (kind !== 'submit') return answer(undefined, pattern.exec(line)?.[1]);
    if (refusal !== undefined) return json({ message: `refused ${authorization}` }, refusal);
    const key = request.headers.get('idempotency-key') ?? `request ${requests.length}`;
    const id = jobs.get(key) ?? crypto.randomUUID();
    jobs.set(key, id);
    if (left-- > 0) throw new TypeError('the connection was lost');
    return answer(id);
  }
  return {
    fetch,
    requests,
    submits: () => requests.filter(({ kind }) => kind === 'submit').length,
    jobs: () => jobs.size,
  };
}
