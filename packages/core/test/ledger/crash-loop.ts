import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiframe } from '@imageport/apiframe';
import { createEmulator, type Emulator, type Fault } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { build } from 'esbuild';
import {
  type Deliver,
  foldRecord,
  inDoubt,
  isOpen,
  type Ledger,
  type LedgerRecord,
  resumeImages,
} from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';
import type { Errand } from './crash-child.ts';

type HostName = Errand['host'];

type Until = ((emulator: Emulator, calls: number) => boolean) | undefined;

/** Where a process is killed: at a write of its own, or by the parent at a moment on the network. */
export interface FailPoint {
  readonly name: string;
  readonly die?: Omit<NonNullable<Errand['die']>, 'nth'>;
  readonly fault?: Omit<Fault, 'host'>;
  /** The parent kills as soon as this is so. */
  readonly until?: Until;
  /** The last record was on its way when the process died: only a part of it reached the disk. */
  readonly tear?: true;
}

const submits = (emulator: Emulator): number =>
  emulator.requests().filter(({ kind, body }) => kind === 'submit' && body !== undefined).length;
const polls = (emulator: Emulator): number => emulator.requests().filter(({ kind }) => kind === 'poll').length;
const allSent = (emulator: Emulator, calls: number): boolean => submits(emulator) === calls;
const allCharged = (emulator: Emulator, calls: number): boolean => emulator.charges().length === calls;

export const failPoints: readonly FailPoint[] = [
  { name: 'before the intent', die: { at: 'intent', when: 'before' } },
  { name: 'after the intent', die: { at: 'intent', when: 'after' } },
  { name: 'after a torn intent', die: { at: 'intent', when: 'after' }, tear: true },
  { name: 'before sending is durable', die: { at: 'sending', when: 'before' } },
  { name: 'after a torn sending', die: { at: 'sending', when: 'after' }, tear: true },
  { name: 'after sending is durable', die: { at: 'sending', when: 'after' } },
  {
    name: 'after the body, before it counts',
    fault: { on: 'submit', accepted: false, hang: true },
    until: allSent,
  },
  {
    name: 'after the body, while it counts',
    fault: { on: 'submit', accepted: false, delay: 150 },
    until: allSent,
  },
  { name: 'after the charge, before the headers', fault: { on: 'submit', hang: true }, until: allCharged },
  { name: 'after the headers', fault: { on: 'submit', stall: true }, until: allCharged },
  { name: 'during the body', fault: { on: 'submit', drip: { bytes: 9, every: 8 } }, until: allCharged },
  { name: 'before accepted is durable', die: { at: 'accepted', when: 'before' } },
  { name: 'after a torn accepted', die: { at: 'accepted', when: 'after' }, tear: true },
  { name: 'after accepted is durable', die: { at: 'accepted', when: 'after' } },
  { name: 'between two looks', fault: { on: 'poll', delay: 300 }, until: (e) => polls(e) > 0 },
  { name: 'before settled is durable', die: { at: 'settled', when: 'before' } },
  { name: 'after a torn settled', die: { at: 'settled', when: 'after' }, tear: true },
  { name: 'after settled is durable', die: { at: 'settled', when: 'after' } },
  { name: 'before delivered is durable', die: { at: 'delivered', when: 'before' } },
  { name: 'after a torn delivered', die: { at: 'delivered', when: 'after' }, tear: true },
];

export interface CrashReport {
  readonly tried: number;
  readonly violations: readonly string[];
  /** Intents that had never been sent when the process died, and were charged by `resumeImages`. */
  readonly sentByResume: number;
}

/** Kills real processes at every fail point of both hosts, resumes in this one, and looks what became of the money. */
export async function crash(rounds: number, together: number): Promise<CrashReport> {
  const root = mkdtempSync(join(tmpdir(), 'imageport-crash-'));
  const child = await bundleChild(root);
  const hosts: readonly HostName[] = ['wavespeed', 'apiframe'];
  const trials = Array.from({ length: rounds }, (_, round) =>
    failPoints.flatMap((point) => hosts.map((host) => ({ point, host, round }))),
  ).flat();
  const violations: string[] = [];
  let [tried, sentByResume] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let trial = trials.pop(); trial; trial = trials.pop()) {
      const path = join(root, `${trials.length}`, 'ledger.jsonl');
      const outcome = await crashOnce(child, trial, path);
      const name = `${trial.host}, ${trial.point.name}, round ${trial.round}`;
      violations.push(...outcome.violations.map((violation) => `${name}: ${violation}`));
      sentByResume += outcome.sentByResume;
      tried += 1;
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  rmSync(root, { recursive: true, force: true });
  return { tried, violations, sentByResume };
}

/** The child in one file, which starts in a third of the time: what is killed is the library as a bundler packs it. */
async function bundleChild(folder: string): Promise<string> {
  const outfile = join(folder, 'crash-child.mjs');
  const entry = join(import.meta.dirname, 'crash-child.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'silent' });
  return outfile;
}

interface Trial {
  readonly point: FailPoint;
  readonly host: HostName;
}

type Outcome = Omit<CrashReport, 'tried'>;

/** What somebody was handed: by the process that died, or by the one that resumed. */
interface Handed {
  readonly prompt: string;
  readonly job: string;
  readonly url?: string;
}

async function crashOnce(child: string, { point, host }: Trial, path: string): Promise<Outcome> {
  const emulator = createEmulator({ generationTime: { fixed: 120 } });
  await emulator.listen();
  try {
    const prompts = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, (_, index) => `prompt-${index + 1}`);
    if (point.fault) emulator.inject({ ...point.fault, times: prompts.length });
    const nth = 1 + Math.floor(Math.random() * prompts.length);
    const { apiKey, baseUrl } = emulator[host];
    const errand = { path, host, apiKey, baseUrl, prompts, ...(point.die ? { die: { ...point.die, nth } } : {}) };
    const before = await runAndKill(child, errand, point.until, emulator);
    // A request that is still on its way may yet count.
    if (point.fault?.on === 'submit' && point.fault.delay) await sleep(point.fault.delay);
    if (point.tear) tear(path);
    return await judge({ emulator, host, path, prompts, before });
  } finally {
    await emulator.close();
  }
}

/** Where a host honours keys, nothing has to wait for its list. */
const patience = { wavespeed: 2_500, apiframe: 10_000 } as const;

const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

/** What the child handed over before it died, or why it did not die as planned. */
async function runAndKill(program: string, errand: Errand, until: Until, emulator: Emulator): Promise<string> {
  const args = [program, JSON.stringify(errand)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += `error: ${chunk}`));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, signal) => resolve(signal)));
  let over = false;
  void ended.then(() => (over = true));
  while (until && !over && !until(emulator, errand.prompts.length)) await sleep(2);
  if (until) {
    await sleep(Math.random() * 40);
    child.kill('SIGKILL');
  }
  const signal = await ended;
  return signal === 'SIGKILL' ? said : `${said}\nended without being killed`;
}

/** Cuts into the last record, which nobody had been told was written. */
function tear(path: string): void {
  const text = readFileSync(path);
  const start = text.lastIndexOf(10, text.length - 2) + 1;
  const length = text.length - start;
  truncateSync(path, statSync(path).size - 1 - Math.floor(Math.random() * length));
}

interface Scene {
  readonly emulator: Emulator;
  readonly host: HostName;
  readonly path: string;
  readonly prompts: readonly string[];
  readonly before: string;
}

async function judge({ emulator, host, path, prompts, before }: Scene): Promise<Outcome> {
  const lines = before.split('\n').filter((line) => line !== '');
  const complaints = lines.filter((line) => !line.startsWith('{'));
  const handed: Handed[] = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const ledger = createFileLedger(path);
  try {
    const unsent = (await list(ledger)).filter((record) => !record.events.some(({ type }) => type === 'sending'));
    const model = { wavespeed: createWavespeed, apiframe: createApiframe }[host](emulator[host])('seedream-4');
    const deliver: Deliver = (image, { intentId }) => {
      handed.push({ prompt: intentId, job: image.job.id, ...(image.url ? { url: image.url } : {}) });
    };
    await resumeImages({ ledger, models: [model], timeout: patience[host], deliver });
    const records = await Promise.all(prompts.map((prompt) => lookUp(ledger, prompt)));
    const violations = [
      ...complaints,
      ...charged(emulator, prompts),
      ...lost(emulator, handed, records),
      ...swapped(emulator, handed),
    ];
    const submitted = new Set(emulator.jobs().map(({ input }) => input.prompt));
    return { violations, sentByResume: unsent.filter(({ intent }) => submitted.has(intent.id)).length };
  } finally {
    await ledger.close();
  }
}

async function list(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}

async function lookUp(ledger: Ledger, id: string): Promise<LedgerRecord> {
  const request = { prompt: id, images: [], fit: 'exact', providerOptions: {} } as const;
  return (await ledger.begin({ id, createdAt: Date.now(), request, route: [] })).record;
}

/** Every call has one attempt, so it may be paid once. */
function charged(emulator: Emulator, prompts: readonly string[]): string[] {
  return prompts.flatMap((prompt) => {
    const count = emulator.jobs().filter(({ input }) => input.prompt === prompt).length;
    return count > 1 ? [`"${prompt}" was paid ${count} times`] : [];
  });
}

/** What was paid was handed over, or the ledger knows the job, or knows that there may be one. */
function lost(emulator: Emulator, handed: readonly Handed[], records: readonly LedgerRecord[]): string[] {
  const open = records.filter(isOpen).map(foldRecord);
  const doubtful = records.filter((record) => inDoubt(foldRecord(record)).length > 0).map(({ intent }) => intent.id);
  return emulator.jobs().flatMap(({ id, input }) => {
    const known =
      handed.some(({ job }) => job === id) || open.some(({ jobs }) => jobs.some(({ job }) => job.id === id));
    return known || doubtful.includes(String(input.prompt)) ? [] : [`job ${id} of "${input.prompt}" was lost`];
  });
}

/** Every picture belongs to the prompt it was handed over for, and no job to two prompts. */
function swapped(emulator: Emulator, handed: readonly Handed[]): string[] {
  return handed.flatMap(({ prompt, job, url }) => {
    const made = emulator.jobs().find(({ id }) => id === job);
    const fits = made?.input.prompt === prompt && url !== undefined && made.outputs.includes(url);
    return fits ? [] : [`"${prompt}" was handed the picture of "${made?.input.prompt}"`];
  });
}
