import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator, type EmulatorOptions } from '@imageport/emulator';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { onTestFinished } from 'vitest';
import { type AnyClient, scratch, wrap } from './world.ts';

export const bin = fileURLToPath(new URL('../../cli/src/bin.ts', import.meta.url));

export interface Place {
  readonly emulator: Emulator;
  readonly cwd: string;
  readonly env: Record<string, string>;
  charges(): number;
}

/** Both hosts on a port, and the environment that leads there. */
export async function createPlace(options: EmulatorOptions = {}): Promise<Place> {
  const emulator = createEmulator({ generationTime: { fixed: 20 }, ...options });
  await emulator.listen();
  onTestFinished(() => emulator.close());
  const cwd = await scratch();
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const env = {
    ...{ PATH, NODE_COMPILE_CACHE, HOME: cwd, XDG_STATE_HOME: `${cwd}/state` },
    ...{ WAVESPEED_BASE_URL: emulator.wavespeed.baseUrl, WAVESPEED_API_KEY: emulator.wavespeed.apiKey },
    ...{ APIFRAME_BASE_URL: emulator.apiframe.baseUrl, APIFRAME_API_KEY: emulator.apiframe.apiKey },
  };
  return { emulator, cwd, env, charges: () => emulator.charges().filter(({ refunded }) => !refunded).length };
}

/** `imageport mcp` as a process of its own, started by a client as clients start it. */
export async function startClient(
  { cwd, env }: Place,
  { version = 'v2', args = [] }: { readonly version?: 'v1' | 'v2'; readonly args?: readonly string[] } = {},
): Promise<AnyClient & { readonly pid: number }> {
  const program = { command: process.execPath, args: [bin, 'mcp', ...args], cwd, env, stderr: 'pipe' as const };
  if (version === 'v1') {
    const client = new OldClient({ name: 'test', version: '1' });
    const transport = new OldStdioTransport(program);
    await client.connect(transport);
    onTestFinished(() => client.close());
    return { ...wrap(client as unknown as Client, true), pid: transport.pid ?? 0 };
  }
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StdioClientTransport(program);
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { ...wrap(client, false), pid: transport.pid ?? 0 };
}

export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  send(message: unknown): void;
  lines(): string[];
  stderr(): string;
}

/** A program whose stdin and stdout the test has in its own hands. */
export function start(program: readonly string[], { cwd, env }: Pick<Place, 'cwd' | 'env'>): Spawned {
  const child = spawn(process.execPath, program, { cwd, env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return {
    child,
    ended: new Promise((resolve) => child.on('close', resolve)),
    send: (message) => void child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    lines: () => stdout.split('\n').filter((line) => line !== ''),
    stderr: () => stderr,
  };
}
