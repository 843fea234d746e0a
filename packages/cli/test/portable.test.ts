import { expect, test } from 'vitest';
import { listen, run, scratch } from './harness.ts';

test('every portable id that both hosts have makes a picture at each of them from the command line', async () => {
  const cwd = await scratch();
  const { stdout } = await run(['models', '--json'], { cwd });
  const { models } = JSON.parse(stdout) as {
    models: { id: string; hosts: { provider: string; task: string; gone: unknown; images: { min: number } }[] }[];
  };
  const { emulator, env } = await listen();
  const calls = models.flatMap(({ id, hosts }) => {
    const live = hosts.filter(({ gone, task }) => gone === null && task === 'generate');
    const names = [...new Set(live.map(({ provider }) => provider))];
    const image = live.every(({ images }) => images.min > 0) ? ['--image', 'https://example.com/a.png'] : [];
    return names.length < 2
      ? []
      : names.map((host) => ['generate', 'a pier', '-m', id, '-p', host, ...image, '-o', `${id}-${host}/`]);
  });
  expect(calls.length).toBeGreaterThanOrEqual(64);
  for (const call of calls) {
    const { exitCode, stdout: path, stderr } = await run(call, { cwd, env });
    expect({ call, exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(path.trim()).not.toBe('');
  }
  expect(emulator.charges()).toHaveLength(calls.length);
}, 120_000);
