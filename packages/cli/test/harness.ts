import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator, type EmulatorOptions } from '@imageport/emulator';
import { type Io, main, type Signal } from 'imageport';
import { onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Env = Readonly<Record<string, string>>;

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Env;
  /** Whether stderr is one. */
  readonly terminal?: boolean;
}

/** A folder of its own, gone when the test ends. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imageport-cli-'));
  onTestFinished(async () => {
    for (const each of [folder, ledgersOf(folder)]) await rm(each, { recursive: true, force: true });
  });
  return folder;
}

/** Beside the folder, so that nothing but pictures comes into it. */
export const ledgersOf = (cwd: string): string => `${cwd}-ledgers/`;

/** Nobody's own ledgers shall be touched. */
const withLedgers = (cwd: string, env: Env): Env =>
  Object.create(env, { IMAGEPORT_LEDGER: { value: env.IMAGEPORT_LEDGER ?? ledgersOf(cwd), enumerable: true } });

/** Both hosts on a port, and the environment that leads there. */
export async function listen(options: EmulatorOptions = {}): Promise<{ emulator: Emulator; env: Env }> {
  const emulator = createEmulator({ generationTime: { fixed: 20 }, ...options });
  await emulator.listen();
  onTestFinished(() => emulator.close());
  return { emulator, env: envOf(emulator) };
}

export const envOf = (emulator: Emulator): Env => ({
  WAVESPEED_BASE_URL: emulator.wavespeed.baseUrl,
  WAVESPEED_API_KEY: emulator.wavespeed.apiKey,
  APIFRAME_BASE_URL: emulator.apiframe.baseUrl,
  APIFRAME_API_KEY: emulator.apiframe.apiKey,
});

/** The same without one variable. */
export const without = (env: Env, name: string): Env =>
  Object.fromEntries(Object.entries(env).filter(([each]) => each !== name));

export interface Running {
  readonly ended: Promise<Ended>;
  /** What the command has printed so far. */
  output(): { stdout: string; stderr: string };
  signal(signal: Signal): void;
  /** Exit codes given to `exit`. */
  readonly exits: readonly number[];
}

/** The command line inside this process, with an environment of its own. */
export function start(args: readonly string[], { cwd, env = {}, terminal = false }: RunOptions): Running {
  const stdout = collect();
  const stderr = collect();
  const listeners = new Set<(signal: Signal) => void>();
  const exits: number[] = [];
  const io: Io = {
    stdout: stdout.stream,
    stderr: terminal ? Object.assign(stderr.stream, terminalMethods) : stderr.stream,
    env: withLedgers(cwd, env),
    cwd,
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: (code) => void exits.push(code),
  };
  const output = () => ({ stdout: stdout.text(), stderr: stderr.text() });
  return {
    ended: main(args, io).then((exitCode) => ({ exitCode, ...output() })),
    output,
    signal: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    exits,
  };
}

export const run = (args: readonly string[], options: RunOptions): Promise<Ended> => start(args, options).ended;

const nothing = () => undefined;
const terminalMethods = { isTTY: true, cursorTo: nothing, moveCursor: nothing, clearLine: nothing };

function collect() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { stream, text: () => text };
}

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

/** The command line as a process of its own. */
export function spawnCli(args: readonly string[], { cwd, env = {}, uid }: RunOptions & { readonly uid?: number }) {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH, NODE_COMPILE_CACHE, IMAGEPORT_LEDGER: ledgersOf(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended, output: () => ({ stdout, stderr }) };
}

/** Waits for something that another process or timer brings about. */
export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error('it did not come about');
    },
    { timeout: 30_000, interval: 10 },
  );
