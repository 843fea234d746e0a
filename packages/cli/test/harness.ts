import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator, type EmulatorOptions } from '@imageport/emulator';
import { type Io, main, type Signal } from 'imageport';
import { onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

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
  /** What comes from stdin. */
  readonly stdin?: string | Uint8Array;
}

/** A folder of its own, gone when the test ends. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imageport-cli-'));
  onTestFinished(async () => {
    // A command that ended at once would be gone as a process; here it may still be writing its last line.
    const patient = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };
    for (const each of [folder, ledgersOf(folder), stateOf(folder)]) await rm(each, patient);
  });
  return folder;
}

/** Beside the folder, so that nothing but pictures comes into it. */
export const ledgersOf = (cwd: string): string => `${cwd}-ledgers/`;

/** What a user's own folder is, where the command line remembers things. */
export const stateOf = (cwd: string): string => `${cwd}-state`;

/** Nobody's own ledgers shall be touched, nor what they have consented to. */
const withLedgers = (cwd: string, env: Env): Env =>
  Object.create(env, {
    IMAGEPORT_LEDGER: { value: env.IMAGEPORT_LEDGER ?? ledgersOf(cwd), enumerable: true },
    XDG_STATE_HOME: { value: env.XDG_STATE_HOME ?? stateOf(cwd), enumerable: true },
  });

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

/** Jobs that are not done before a clock is put forward. */
export const slow = { generationTime: { fixed: 10_000 } } as const;

/** How many jobs were looked at, so that their callers know them. */
export const polled = (emulator: Emulator): number =>
  new Set(emulator.requests().flatMap(({ kind, path }) => (kind === 'poll' ? [path] : []))).size;

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
export function start(args: readonly string[], { cwd, env = {}, terminal = false, stdin }: RunOptions): Running {
  const stdout = collect();
  const stderr = collect();
  const listeners = new Set<(signal: Signal) => void>();
  const exits: number[] = [];
  const io: Io = {
    stdin: Readable.from(stdin === undefined ? [] : [stdin]),
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
export function spawnCli(
  args: readonly string[],
  {
    cwd,
    env = {},
    uid,
    stdout: out = 'pipe',
  }: RunOptions & { readonly uid?: number; readonly stdout?: number | 'pipe' },
) {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH, NODE_COMPILE_CACHE, IMAGEPORT_LEDGER: ledgersOf(cwd), XDG_STATE_HOME: stateOf(cwd), ...env },
    stdio: ['ignore', out, 'pipe'],
    ...(uid === undefined ? {} : { uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended, output: () => ({ stdout, stderr }) };
}

/** Moves the time of this process, in which the hosts and the command line are. */
export interface Clock {
  /** Lets so much time pass, in small steps, so that what is asked meanwhile is answered. */
  forward(ms: number): Promise<void>;
  /** The same at once, while no command runs. */
  jump(ms: number): void;
}

/**
 * A clock that goes on at the pace of the real one and can be put forward: what shall happen before the end of a job or a
 * deadline happens, however slow the machine is, and nobody waits for the end.
 */
export async function ownClock(): Promise<Clock> {
  await useFetch();
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: Date.now(),
    shouldAdvanceTime: true,
  });
  onTestFinished(() => void vi.useRealTimers());
  return {
    async forward(ms) {
      for (let left = ms; left > 0; left -= step) {
        await vi.advanceTimersByTimeAsync(Math.min(step, left));
        await sleep(2);
      }
    },
    jump: (ms) => void vi.advanceTimersByTime(ms),
  };
}

/** A command whose deadline comes when so much has happened. */
export async function runOut(args: readonly string[], clock: Clock, options: RunOptions, enough: () => boolean) {
  const running = start([...args, '--timeout', '20s'], options);
  await until(enough);
  await clock.forward(20_000);
  return running.ended;
}

const step = 200;

/** The runtime keeps one timer of its first request for all others: it must not be one of a test. */
async function useFetch(): Promise<void> {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).text();
  server.close();
  server.closeAllConnections();
}

/** Waits for something that another process or timer brings about. */
export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error('it did not come about');
    },
    { timeout: 100_000, interval: 10 },
  );
