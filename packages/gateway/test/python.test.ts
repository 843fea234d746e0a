import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serveGateway } from '@imageport/gateway/node';
import { expect, it, onTestFinished } from 'vitest';
import { createWorld, type World } from './world.ts';

const version = '3.22.1';
const home = fileURLToPath(new URL('../../../node_modules/.cache/openai-python/', import.meta.url));
const run = promisify(execFile);

/** Python with the client in a folder of its own; a sentence where the machine has none. */
async function findPython(): Promise<{ readonly python: string } | string> {
  const python = `${home}bin/python`;
  const hasClient = () => run(python, ['-c', `import openai; assert openai.__version__ == '${version}'`]);
  try {
    if (
      existsSync(python) &&
      (await hasClient().then(
        () => true,
        () => false,
      ))
    )
      return { python };
    await run('python3', ['-m', 'venv', '--clear', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--retries', '1', `openai==${version}`], { timeout: 90_000 });
    await hasClient();
    return { python };
  } catch (error) {
    const { code } = error as { code?: unknown };
    return `left out: \`python3 -m venv\` and \`pip install openai==${version}\` do not work here (${String(code)})`;
  }
}

async function listen(world: World): Promise<string> {
  const served = await serveGateway(world.gateway, { port: 0 });
  onTestFinished(() => served.close());
  return `${served.url}/v1`;
}

it('openai-python makes, edits, streams and repeats by itself, and each wish is paid once', async ({ annotate }) => {
  const found = await findPython();
  // Nothing is claimed then: the recorded requests of this client are in the fixtures of apps.test.ts.
  if (typeof found === 'string') return void (await annotate(found));
  const world = createWorld();
  const late = createWorld({ emulated: { generationTime: { fixed: 1_600 } } });
  const program = fileURLToPath(new URL('client.py', import.meta.url));
  const { stdout } = await run(found.python, [program, await listen(world), await listen(late)]);
  expect(JSON.parse(stdout)).toEqual({
    sizes: [1, 1, 2, 1],
    events: ['image_generation.completed'],
    refused: 'style',
  });
  expect(world.charges()).toBe(5);
  expect([late.submits(), late.charges()]).toEqual([1, 1]);
  expect(late.entries.some(({ replayed }) => replayed)).toBe(true);
});
