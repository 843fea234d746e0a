import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '../..');
const manifests = globSync('packages/*/package.json', { cwd: root });

/** The manifests and changesets of the project, as a repository of their own. */
async function copy(): Promise<{ folder: string; version: () => Promise<Record<string, string>> }> {
  const folder = mkdtempSync(join(tmpdir(), 'imageport-changesets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset', ...manifests])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const run = (program: string, ...args: string[]) => promisify(execFile)(program, args, { cwd: folder });
  await run('git', 'init', '--quiet');
  await run('git', 'add', '.');
  await run('git', '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'begin');
  const changesets = join(root, 'node_modules/@changesets/cli/bin.js');
  return {
    folder,
    version: async () => {
      await run(process.execPath, changesets, 'version');
      const found = manifests.map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')));
      return Object.fromEntries(found.filter((each) => !each.private).map(({ name, version }) => [name, version]));
    },
  };
}

test('the changesets make one version for all published packages, and no major one of a smaller change', async () => {
  const { folder, version } = await copy();
  const all = (wanted: string) => ({
    '@imageport/core': wanted,
    '@imageport/wavespeed': wanted,
    '@imageport/apiframe': wanted,
    '@imageport/emulator': wanted,
    '@imageport/gateway': wanted,
    '@imageport/mcp': wanted,
    '@imageport/ai-sdk': wanted,
    '@imageport/tanstack-ai': wanted,
    imageport: wanted,
  });
  const first = await version();
  expect(first).toEqual(all(first.imageport ?? ''));
  expect(first.imageport).not.toBe(JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')).version);
  const [major, minor] = (first.imageport ?? '').split('.').map(Number);
  writeFileSync(join(folder, '.changeset/next.md'), '---\n"@imageport/emulator": minor\n---\n\nDraws rain.\n');
  expect(await version()).toEqual(all(`${major}.${(minor ?? 0) + 1}.0`));
});
