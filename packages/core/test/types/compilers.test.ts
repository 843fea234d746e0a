import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { published } from '../../../../.ci/bundle.mjs';
import { installTypes, root } from './install-types.ts';

vi.setConfig({ testTimeout: 120_000, maxConcurrency: 2 });

// The oldest that is supported, the last of its line and of the next, and the one that builds the packages: what lies
// between them adds syntax and checks that the later ones have too.
const compilers = ['typescript-5.4', 'typescript-5.9', 'typescript-6', 'typescript'];
const resolutions = [
  ['bundler', 'esnext'],
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
] as const;

let folder = '';
beforeAll(() => {
  folder = installTypes();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler prints: nothing when everything compiles that should, and nothing else. */
function compile(compiler: string, name: string, options: object, files: readonly string[]): Promise<string> {
  const manifest = createRequire(join(root, 'package.json')).resolve(`${compiler}/package.json`);
  const config = join(folder, `tsconfig.${name}.json`);
  const strictest = { strict: true, noEmit: true, skipLibCheck: false, skipDefaultLibCheck: true, target: 'es2022' };
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...strictest, types: [], ...options }, files }));
  const args = [join(dirname(manifest), 'bin/tsc'), '-p', config];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) =>
      resolve(stdout + stderr + (error && stdout === '' ? error.message : '')),
    );
  });
}

const web = ['es2022', 'dom', 'dom.iterable'];

test.concurrent.each(
  compilers.flatMap((compiler) => resolutions.map(([resolution, module]) => ({ compiler, resolution, module }))),
)(
  '$compiler reads the published types with `$resolution`, every declaration checked, without the types of Node',
  async ({ compiler, resolution, module }) => {
    const options = { module, moduleResolution: resolution, lib: web };
    expect(await compile(compiler, `${compiler}-${resolution}`, options, ['consumer.ts'])).toBe('');
  },
);

test.concurrent('the oldest compiler reads every other entry of core, the one for Node with the types of Node', async () => {
  const core = published(root).find(({ manifest }) => manifest.name === '@imageport/core');
  const entries = Object.keys(core?.manifest.exports ?? {}).map((entry) => entry.slice(1));
  writeFileSync(join(folder, 'entries.ts'), entries.map((entry) => `import '@imageport/core${entry}';\n`).join(''));
  const options = { module: 'nodenext', moduleResolution: 'nodenext', lib: web, types: ['node'] };
  expect(await compile('typescript-5.4', 'entries', options, ['entries.ts'])).toBe('');
});

test.concurrent('a program for Node alone needs the types of Node and not those of the web', async () => {
  const options = { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'], types: ['node'] };
  expect(await compile('typescript', 'node-alone', options, ['consumer.ts'])).toBe('');
});

test.concurrent('a line that must not compile is noticed', async () => {
  writeFileSync(
    join(folder, 'wrong.ts'),
    `import { generateImage } from '@imageport/core';\ngenerateImage({ model: [], prompt: 'x' });\n`,
  );
  const options = { module: 'nodenext', moduleResolution: 'nodenext', lib: web };
  expect(await compile('typescript', 'wrong', options, ['wrong.ts'])).toMatch(/wrong\.ts.*error TS/);
});
