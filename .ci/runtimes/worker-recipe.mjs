// The Worker of the recipes in its real runtime, with a key and a bucket as they are bound there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createEmulator } from '@imageport/emulator';
import { build } from 'esbuild';

const modules = createRequire(new URL('package.json', import.meta.url));
const recipes = fileURLToPath(new URL('../../examples/recipes', import.meta.url));

/** What a project would deploy: a Worker with a session of its own. */
const entry = `import { createImageWorker } from './hono-worker.ts';
export default createImageWorker({
  userOf: async (request) => request.headers.get('x-test-user') ?? undefined,
  log: (error) => console.error(error),
});`;

const name = 'the Worker of the recipes makes a picture once, keeps it in R2 and shows it';
const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), 'x-test-user': 'ann' };
const order = { method: 'POST', headers, body: JSON.stringify({ prompt: 'a lighthouse in fog at dawn' }) };

export const findMiniflare = () => modules.resolve('miniflare');

export const versionOfMiniflare = async (program) =>
  JSON.parse(readFileSync(new URL('../../package.json', pathToFileURL(program)), 'utf8')).version;

/** @returns {Promise<{ name: string, problem?: string }[]>} */
export async function inMiniflare() {
  const { Miniflare } = modules('miniflare');
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: recipes },
    ...{ bundle: true, write: false, format: 'esm', platform: 'neutral', target: 'es2023' },
    mainFields: ['module', 'main'],
  });
  const emulator = createEmulator({ generationTime: { fixed: 20 } });
  await emulator.listen();
  const { apiKey, baseUrl } = emulator.apiframe;
  const worker = new Miniflare({
    modules: true,
    script: outputFiles[0].text,
    compatibilityDate: '2026-05-01',
    r2Buckets: ['PICTURES'],
    bindings: { APIFRAME_API_KEY: apiKey, APIFRAME_BASE_URL: baseUrl },
  });
  const ask = (path, init) => worker.dispatchFetch(`https://example.com${path}`, init);
  try {
    const answers = await Promise.all([ask('/images', order), ask('/images', order)]);
    const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
    const picture = await ask(first.url, { headers });
    const found = {
      ...{ statuses: answers.map(({ status }) => status), same: first.url === second.url },
      ...{ type: picture.headers.get('content-type'), large: (await picture.arrayBuffer()).byteLength > 1_000 },
      charges: emulator.charges().length,
    };
    const wanted = { statuses: [201, 201], same: true, type: 'image/png', large: true, charges: 1 };
    const problem = `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
    return [JSON.stringify(found) === JSON.stringify(wanted) ? { name } : { name, problem }];
  } finally {
    await worker.dispose();
    await emulator.close();
  }
}
