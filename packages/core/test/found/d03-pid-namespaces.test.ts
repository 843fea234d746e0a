import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createEmulator } from '@imageport/emulator';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../ledger/folder.ts';

const folder = useFolder();
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const program = join(import.meta.dirname, 'namespace-child.ts');
const pretence = pathToFileURL(join(import.meta.dirname, 'other-namespace.ts')).href;
const namespace = ['-rpf', '--mount-proc', '--kill-child'];
const simulated = ['as the ledger would see them', process.execPath, ['--import', pretence]] as const;
const real = ['of the system itself', 'unshare', [...namespace, process.execPath]] as const;
// Not every machine that runs tests may make namespaces.
const ways = spawnSync('unshare', [...namespace, 'true']).status === 0 ? [simulated, real] : [simulated];

function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  const lines: string[] = [];
  let [rest, wake] = ['', (): void => undefined];
  child.stdout.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  return {
    async line(nth: number): Promise<string> {
      while (lines.length <= nth) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return lines[nth] ?? '';
    },
    go: () => child.stdin.write('go\n'),
  };
}

describe('D3: a file ledger and two PID namespaces', () => {
  test.each(ways)('%s: never has two writers, nor two accepted jobs for one intent', async (_, command, args) => {
    const emulator = createEmulator({ generationTime: { fixed: 100 } });
    onTestFinished(() => emulator.close());
    await emulator.listen();
    const { apiKey, baseUrl } = emulator.wavespeed;
    const path = folder.path();
    const [first, second] = [0, 1].map(() => () => start(command, [...args, program, path, baseUrl, apiKey]));
    const owner = first?.();
    expect(await owner?.line(0)).toBe('open 1');
    const other = second?.();
    const opened = await other?.line(0);
    for (const process of opened?.startsWith('open') ? [owner, other] : [owner]) {
      process?.go();
      await process?.line(1);
    }
    expect(emulator.charges()).toHaveLength(1);
    expect(opened).toBe('refused ledger_locked');
    expect(await owner?.line(1)).toContain('picture');
  });
});
