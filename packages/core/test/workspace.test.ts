import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const list = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: (name) => name.endsWith('node_modules') || name.endsWith('dist') })
    .map((path) => path.split('\\').join('/'))
    .sort();

/** The map of the house: which packages there are, and what each may import. */
const mayImport: Record<string, readonly string[]> = {
  core: ['ky', 'p-retry', 'valibot', '@opentelemetry/api'],
  wavespeed: ['@imageport/core', '@imageport/core/catalogue', 'ky', 'valibot'],
  apiframe: ['@imageport/core', '@imageport/core/catalogue', 'valibot'],
  emulator: ['ajv', 'jsonata', 'sharp'],
  gateway: ['@imageport/core', '@imageport/core/book', '@imageport/core/node', 'srvx/node', 'valibot'],
  mcp: [
    ...['@imageport/core', '@imageport/core/book', '@imageport/core/catalogue', '@imageport/core/node'],
    ...['@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio'],
  ],
  'ai-sdk': ['@imageport/core', '@imageport/core/book', '@imageport/core/order', '@ai-sdk/provider'],
  'tanstack-ai': ['@imageport/core', '@imageport/core/book', '@tanstack/ai'],
  cli: [
    ...[
      '@imageport/core',
      '@imageport/core/book',
      '@imageport/core/catalogue',
      '@imageport/core/node',
      '@imageport/wavespeed',
      '@imageport/apiframe',
      '@imageport/emulator',
      '@imageport/gateway',
      '@imageport/gateway/node',
      '@imageport/mcp',
      '@imageport/mcp/node',
    ],
    ...['commander', 'papaparse', 'valibot', 'yocto-spinner'],
  ],
};
const names: Record<string, string> = {
  core: '@imageport/core',
  wavespeed: '@imageport/wavespeed',
  apiframe: '@imageport/apiframe',
  emulator: '@imageport/emulator',
  'ai-sdk': '@imageport/ai-sdk',
  'tanstack-ai': '@imageport/tanstack-ai',
  gateway: '@imageport/gateway',
  mcp: '@imageport/mcp',
  cli: 'imageport',
};
const packages = Object.keys(mayImport);
const sources = packages.flatMap((name) => list(`packages/${name}/src/**/*.ts`));

/** Every module that a source names, in an import, a re-export or a dynamic import. */
const importsOf = (path: string): string[] =>
  [
    ...read(path).matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+'([^']+)'|import\(\s*'([^']+)'|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ].flatMap((match) => match.slice(1).filter((module) => module !== undefined));

const packageOf = (path: string): string => path.split('/')[1] ?? '';

/** What the project itself keeps at the top. Pictures, configs and ledgers of whoever works here are not part of it. */
function topLevel(): string[] | undefined {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  const entries = new Set(status === 0 ? stdout.split('\0').map((path) => path.replace(/\/.*$/, '')) : []);
  // Without git, or unpacked inside the repository of something else, nothing tells whose a file is.
  return entries.has('package.json') ? [...entries] : undefined;
}

test('the top level holds what the map says and nothing else', () => {
  const map = ['docs', 'examples', 'package.json', 'packages', 'pnpm-workspace.yaml', 'vitest.workspace.ts'];
  expect(map.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  const others = (topLevel() ?? []).filter((name) => name !== '' && !map.includes(name));
  expect(
    others.filter(
      (name) =>
        !/^(LICENSE|.*\.md|biome\.json|tsconfig.*|pnpm-lock\.yaml|\.changeset|\.ci|\.github|\.gitignore)$/.test(name),
    ),
  ).toEqual([]);
});

test('the tools run on the newest of the three Nodes, and this test on the one that was asked for', () => {
  const versionOf = (node: string): string => execFileSync(join(root, 'node_modules', node), ['--version']).toString();
  expect(versionOf('node-20/bin/node')).toMatch(/^v20\./);
  expect(versionOf('node-22/bin/node')).toMatch(/^v22\./);
  expect(versionOf('node/bin/node')).toMatch(/^v24\./);
  expect(versionOf('.bin/node')).toBe(versionOf('node/bin/node'));
  const { IMAGEPORT_TEST_NODE: asked } = process.env;
  if (asked) expect(process.versions.node).toMatch(new RegExp(`^${asked}\\.`));
});

test('the packages are the ones on the map, under their names', () => {
  const found = list('packages/*/package.json').map(packageOf);
  const published = found.filter((name) => !JSON.parse(read(`packages/${name}/package.json`)).private);
  expect(published.sort()).toEqual([...packages].sort());
  for (const name of published) expect(JSON.parse(read(`packages/${name}/package.json`)).name).toBe(names[name]);
});

test.each(list('packages/*/package.json').map(packageOf))(
  '%s has tests, and the test runner finds its folder',
  (name) => {
    expect(list(`packages/${name}/test/**/*.test.ts`).length).toBeGreaterThan(0);
    expect(read('vitest.workspace.ts')).toContain("'packages/*'");
    expect(JSON.parse(read('package.json')).scripts['test:run']).toContain('--config vitest.workspace.ts');
  },
);

test.each(packages)('%s depends on what it may import, and on nothing else', (name) => {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(read(`packages/${name}/package.json`));
  const allowed = new Set(mayImport[name]?.map((module) => module.replace(/^(@[^/]+\/[^/]+|[^@/]+)\/.*$/, '$1')));
  for (const dependency of [...Object.keys(dependencies), ...Object.keys(peerDependencies)]) {
    expect([...allowed]).toContain(dependency);
  }
});

/** A table that a generator writes and nobody reads from top to bottom. */
const isGenerated = (text: string): boolean => /^\/\/ .*\bwritten by catalogue\/generate\.ts\b/i.test(text);

describe.each(sources)('%s', (path) => {
  const name = packageOf(path);
  const text = read(path);
  const isAdapter = name === 'wavespeed' || name === 'apiframe';

  test('imports only what the map allows', () => {
    const mayUseNode = name === 'cli' || name === 'emulator' || path.startsWith(`packages/${name}/src/node/`);
    for (const module of importsOf(path)) {
      if (module.startsWith('.')) expect(join(dirname(path), module).startsWith(`packages/${name}/src/`)).toBe(true);
      else if (module.startsWith('node:')) expect(mayUseNode, `${module} in ${path}`).toBe(true);
      else expect(mayImport[name]).toContain(module);
      // An optional peer: only its own subpath may need it.
      if (module === '@opentelemetry/api') expect(path).toMatch(/^packages\/core\/src\/opentelemetry\//);
    }
  });

  test('has at most 250 lines and keeps to itself', () => {
    if (!isGenerated(text)) expect(text.split('\n').length).toBeLessThanOrEqual(250);
    if (name !== 'cli') expect(text).not.toMatch(/\bconsole\./);
    if (isAdapter && !/\/webhook\.ts$|\/src\/(live|node)\//.test(path))
      expect(text).not.toMatch(/\bfetch\(|\basync\b|'node:|Date\.now|Math\.random/);
  });
});

test('no source imports itself in a circle at run time', () => {
  const edges = new Map(sources.map((path) => [path, runtimeImports(path)]));
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) expect.fail([...trail.slice(trail.indexOf(path)), path].join(' → '));
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
    edges.set(path, []);
  };
  for (const path of sources) walk(path, []);
});

/** Relative imports that survive the removal of types. */
function runtimeImports(path: string): string[] {
  const statements = [...read(path).matchAll(/(?:^|\n)(?:import|export)\s+(?!type\b)([^;'"]*?)from\s+'(\.[^']+)'/g)];
  return statements
    .filter(([, clause = '']) => !/^\{(\s*type\s+[^,}]+,?)*\s*\}\s*$/.test(clause))
    .map(([, , module = '']) => posix.join(dirname(path), module));
}

test('no test is skipped or focused', () => {
  for (const path of [
    ...list('packages/*/test/**/*.ts'),
    ...list('docs/**/*.test.ts'),
    ...list('examples/**/*.test.ts'),
  ]) {
    expect(read(path), path).not.toMatch(/\b(it|test|describe)\.(skip|only|todo|skipIf|runIf|fails)\b/);
  }
});
