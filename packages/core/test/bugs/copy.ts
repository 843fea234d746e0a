import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { type Plant, planted, root } from './plant.ts';
import type { Told } from './watch-reporter.ts';

/** How a run of the tests ended. `by`: the test that failed first, or why there is none. */
export type Verdict =
  | { readonly caught: true; readonly by: string; readonly file?: string }
  | { readonly caught: false };

export interface RunOptions {
  readonly tests: readonly string[];
  /** Milliseconds without any test file ending, after which a loop without an end is assumed. */
  readonly patience: number;
  readonly onDone?: (file: string, duration: number) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** A copy of the workspace in which bugs are planted, one at a time. The working tree is never touched. */
export interface Copy {
  run(plant: Plant | undefined, options: RunOptions): Promise<Verdict>;
  remove(): void;
}

const leftOut = ['.git', 'node_modules', 'dist', 'coverage', '.changeset'];

export function createCopy(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'imageport-bugs-'));
  cpSync(root, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => {
      const inside = relative(root, path);
      const isOwnModules = /^packages\/[^/]+\/node_modules/.test(inside) && !inside.includes('.cache');
      return isOwnModules || !leftOut.includes(basename(path));
    },
  });
  linkModules(folder);
  return {
    async run(plant, options) {
      const texts = plant ? planted(plant) : new Map<string, string>();
      const before = new Map([...texts.keys()].map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
      writeAll(folder, texts);
      try {
        return await runTests(folder, options);
      } finally {
        writeAll(folder, before);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function writeAll(folder: string, texts: ReadonlyMap<string, string>): void {
  for (const [file, text] of texts) writeFileSync(join(folder, file), text);
}

/** What was installed is shared; the packages of the workspace are the copy's own. */
function linkModules(folder: string): void {
  const [from, to] = [join(root, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (/^(@?imageport)$/.test(name))
      cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else if (!/^\.(cache|vite)/.test(name)) symlinkSync(join(from, name), join(to, name));
  }
}

async function runTests(folder: string, { tests, patience, onDone, env }: RunOptions): Promise<Verdict> {
  const list = join(folder, 'node_modules/bug-tests.json');
  writeFileSync(list, JSON.stringify(tests));
  const config = join(folder, 'packages/core/test/bugs/vitest.config.ts');
  const child = spawn(
    process.execPath,
    [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config],
    // A group of its own, so that processes which tests have started end with it.
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...env,
        IMAGEPORT_BUG_TESTS: list,
        NODE_COMPILE_CACHE: join(folder, 'node_modules/.cache/compiled'),
      },
    },
  );
  let told = '';
  child.stderr.on('data', (text) => {
    told = `${told}${text}`.slice(-2_000);
  });
  let verdict: Verdict | undefined;
  const end = (found: Verdict): void => {
    verdict ??= found;
    endGroup(child);
  };
  const giveUp = (): void => end({ caught: true, by: 'did not end' });
  let timer = setTimeout(giveUp, patience);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (!line.startsWith('{"type":')) return;
    const news: Told = JSON.parse(line);
    if (news.type === 'failed') return end({ caught: true, by: news.test, file: news.file });
    clearTimeout(timer);
    timer = setTimeout(giveUp, patience);
    onDone?.(news.file, news.duration);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return (
    verdict ??
    (code === 0 ? { caught: false } : { caught: true, by: firstLine(told) || 'an error outside of the tests' })
  );
}

const firstLine = (text: string): string => text.split('\n').find((line) => line.includes('Error')) ?? '';

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
