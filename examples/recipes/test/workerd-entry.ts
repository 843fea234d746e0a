// What a project would deploy: a Worker with a session of its own.
import { createImageWorker } from '../hono-worker.ts';

export default createImageWorker({
  userOf: async (request) => request.headers.get('x-test-user') ?? undefined,
  log: (error) => console.error(error),
});
