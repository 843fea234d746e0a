import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scratch } from './harness.ts';

const root = join(import.meta.dirname, '../../..');

test('the first start in a clone says what it installs and how long that takes, before it does', async () => {
  const clone = await scratch();
  await cp(join(root, '.ci'), join(clone, '.ci'), {
    recursive: true,
    filter: (path) => !path.endsWith('node_modules'),
  });
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    await cp(join(root, name), join(clone, name));
  const tools = join(clone, 'tools');
  await mkdir(tools);
  for (const tool of ['npx', 'npm']) {
    await writeFile(join(tools, tool), '#!/bin/sh\necho "installing now" >&2\nexit 7\n');
    await chmod(join(tools, tool), 0o755);
    await writeFile(join(tools, `${tool}.cmd`), '@echo installing now 1>&2\r\n@exit /b 7\r\n');
  }
  const env = { ...process.env, PATH: [tools, process.env.PATH].join(delimiter) };
  const { stderr } = await promisify(execFile)(process.execPath, ['.ci/setup.mjs'], { cwd: clone, env }).catch(
    (error: { stderr: string }) => error,
  );
  expect(stderr).toMatch(/^imageport: first start\. .*node_modules \(about \d+ MB\): .* minutes.*\n.*installing now/s);
});
