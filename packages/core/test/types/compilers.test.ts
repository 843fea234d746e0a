import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { published } from '../../../../.ci/bundle.mjs';
import { scale } from '../proof/findings.ts';
import { installTypes, root } from './install-types.ts';

vi.setConfig({ testTimeout: 120_000 });

/** A program and how it is compiled. */
interface Project {
  readonly name: string;
  readonly compiler: string;
  readonly options: object;
  readonly files: readonly string[];
}

// The oldest that is supported and the one that builds the packages. What lies between them, the last of its line and of
// the next, adds syntax and checks that the later ones have too: `npm run prove` tries these as well.
const between = ['typescript-5.9', 'typescript-6'];
const compilers = ['typescript-5.4', ...(scale > 1 ? between : []), 'typescript'];
const resolutions = [
  ['bundler', 'esnext'],
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
] as const;

const web = ['es2022', 'dom', 'dom.iterable'];
const consumer = ['consumer.ts'];
const nodenext = { module: 'nodenext', moduleResolution: 'nodenext', lib: web };

const everyCompiler = compilers.flatMap((compiler) =>
  resolutions.map(([resolution, module]) => ({
    ...{ name: `${compiler}-${resolution}`, compiler, resolution, files: consumer },
    options: { module, moduleResolution: resolution, lib: web },
  })),
);
const entries: Project = {
  ...{ name: 'entries', compiler: 'typescript-5.4', files: ['entries.ts'] },
  options: { ...nodenext, types: ['node'] },
};
const nodeAlone: Project = {
  ...{ name: 'node-alone', compiler: 'typescript', files: consumer },
  options: { ...nodenext, lib: ['es2022'], types: ['node'] },
};
const wrong: Project = { name: 'wrong', compiler: 'typescript', files: ['wrong.ts'], options: nodenext };
const projects: readonly Project[] = [...everyCompiler, entries, nodeAlone, wrong];

let folder = '';
/** What the compilers print, by project: nothing when everything compiles that should, and nothing else. */
let printed: ReadonlyMap<string, string> = new Map();
beforeAll(async () => {
  folder = installTypes();
  const core = published(root).find(({ manifest }) => manifest.name === '@imageport/core');
  const names = Object.keys(core?.manifest.exports ?? {}).map((entry) => entry.slice(1));
  writeFileSync(join(folder, 'entries.ts'), names.map((entry) => `import '@imageport/core${entry}';\n`).join(''));
  writeFileSync(
    join(folder, 'wrong.ts'),
    `import { generateImage } from '@imageport/core';\ngenerateImage({ model: [], prompt: 'x' });\n`,
  );
  const found = await Promise.all(compilers.map(compileAll));
  printed = new Map(found.flat());
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** All projects of a compiler, in one process where it can be called as a library. */
async function compileAll(compiler: string): Promise<readonly (readonly [name: string, output: string])[]> {
  const mine = projects.filter((project) => project.compiler === compiler);
  const manifest = createRequire(join(root, 'package.json')).resolve(`${compiler}/package.json`);
  const configs = mine.map(writeConfig);
  if (compiler === 'typescript') {
    const tsc = join(dirname(manifest), 'bin/tsc');
    return Promise.all(
      mine.map(async ({ name }, index) => [name, await node([tsc, '-p', configs[index] ?? ''])] as const),
    );
  }
  const output = await node([join(import.meta.dirname, 'compile-child.ts'), manifest, ...configs]);
  const outputs: readonly string[] = output.startsWith('[') ? JSON.parse(output) : [];
  return mine.map(({ name }, index) => [name, outputs[index] ?? output] as const);
}

function writeConfig({ name, options, files }: Project): string {
  const config = join(folder, `tsconfig.${name}.json`);
  const strictest = { strict: true, noEmit: true, skipLibCheck: false, skipDefaultLibCheck: true, target: 'es2022' };
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...strictest, types: [], ...options }, files }));
  return config;
}

function node(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) =>
      resolve(stdout + stderr + (error && stdout === '' ? error.message : '')),
    );
  });
}

test.each(everyCompiler)(
  '$compiler reads the published types with `$resolution`, every declaration checked, without the types of Node',
  ({ name }) => expect(printed.get(name)).toBe(''),
);

test('the oldest compiler reads every other entry of core, the one for Node with the types of Node', () => {
  expect(printed.get(entries.name)).toBe('');
});

test('a program for Node alone needs the types of Node and not those of the web', () => {
  expect(printed.get(nodeAlone.name)).toBe('');
});

test('a line that must not compile is noticed', () => {
  expect(printed.get(wrong.name)).toMatch(/wrong\.ts.*error TS/);
});
