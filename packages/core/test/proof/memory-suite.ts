import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toPng } from '../pictures.ts';
import { hosts } from '../world.ts';
import type { Account, Order } from './memory-child.ts';
import type { Finding } from './play.ts';

const mebibyte = 1024 * 1024;
const most = 32 * mebibyte;
const bombSize = 512 * mebibyte;
const largeSize = 100 * mebibyte;

export interface Growth extends Finding {
  /** The most that was held at a time, by scene. */
  readonly note: string;
}

/** A PNG up to the length of its data, which is that of the largest picture here, and what stands behind the data. */
const whole = toPng(0);
const [png, end] = [Buffer.from(whole.subarray(0, 41)), whole.subarray(41)];
png.writeUInt32BE(largeSize, 33);

/** A gzip file may have many members: one of them, again and again, is a bomb that costs nothing to make. */
function createBomb(head: Buffer): Buffer {
  const member = gzipSync(Buffer.alloc(8 * mebibyte, 0x20), { level: 9 });
  return Buffer.concat([gzipSync(head), ...Array<Buffer>(bombSize / (8 * mebibyte)).fill(member)]);
}

type Answer = (response: ServerResponse) => Promise<void> | void;

const json =
  (body: unknown): Answer =>
  (response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

function answersOf(bombs: Record<'json' | 'picture', Buffer>, origin: () => string): Record<string, Answer> {
  const encoded =
    (bomb: Buffer): Answer =>
    (response) =>
      void response.setHeader('content-encoding', 'gzip').end(bomb);
  const job = (): object => {
    const done = { id: 'job-0001', outputs: [`${origin()}/large`] };
    return { ...done, code: 200, status: 'completed', result: { images: done.outputs } };
  };
  const completed = (name: string): Answer => {
    return (response) => {
      const urls = [`${origin()}/${name}`];
      const both = { ...job(), outputs: urls, result: { images: urls } };
      return json(both)(response);
    };
  };
  return {
    accept: json({ id: 'job-0001', jobId: 'job-0001', status: 'created' }),
    bomb: encoded(bombs.json),
    'done-large': completed('large'),
    'done-bomb': completed('picture-bomb'),
    'done-endless': completed('endless'),
    large,
    'picture-bomb': encoded(bombs.picture),
    drip,
    endless,
  };
}

/** A picture of 100 MB, as fast as it is read. */
async function large(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(256 * 1024, 7);
  response.setHeader('content-length', png.length + largeSize + end.length).write(png);
  for (let left = largeSize; left > 0 && !response.destroyed; left -= chunk.length) {
    if (!response.write(chunk.subarray(0, left))) await drained(response);
  }
  response.end(end);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

/** A little, for ever. */
async function drip(response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/json').write('{');
  while (!response.destroyed) {
    response.write(' ');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** As much as is read, for ever. */
async function endless(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  response.write(png);
  while (!response.destroyed) if (!response.write(chunk)) await drained(response);
}

/** Both hosts at once: `/<submit>/<look>/…` says in the path how each is answered, `/<answer>` is a file. */
async function openServer(): Promise<{ server: Server; url: string }> {
  let url = '';
  const answers = answersOf(
    { json: createBomb(Buffer.from('{"id": "job-0001",')), picture: createBomb(png) },
    () => url,
  );
  const server = createServer((request, response) => {
    const [, first = '', second] = (request.url ?? '').split('/');
    const name = second === undefined ? first : request.method === 'POST' ? first : second;
    request.resume().on('end', () => void answers[name]?.(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url };
}

interface Trial extends Omit<Order, 'host' | 'baseUrl' | 'path'> {
  readonly submit: string;
  readonly look: string;
  /** How it has to end. */
  readonly ends: RegExp;
}

/** No deadline ends these. */
const enough = 240_000;
const unclear = /^(submission_unknown|timeout)/;
const trials: readonly Trial[] = [
  { name: 'bomb at submit', submit: 'bomb', look: 'accept', work: 'generate', timeout: 600, ends: unclear },
  {
    name: 'bomb at look',
    submit: 'accept',
    look: 'bomb',
    work: 'generate',
    timeout: enough,
    patience: 1_500,
    ends: /^given up/,
  },
  { name: 'endless submit', submit: 'endless', look: 'accept', work: 'generate', timeout: 600, ends: unclear },
  {
    name: 'endless look',
    submit: 'accept',
    look: 'endless',
    work: 'generate',
    timeout: enough,
    patience: 1_500,
    ends: /^given up/,
  },
  { name: 'drip at submit', submit: 'drip', look: 'accept', work: 'generate', timeout: 600, ends: unclear },
  {
    name: 'drip at look',
    submit: 'accept',
    look: 'drip',
    work: 'generate',
    timeout: enough,
    patience: 500,
    ends: /^given up/,
  },
];
const tooLarge = /^invalid_response output_too_large/;
const pictures: readonly Trial[] = [
  {
    name: 'bomb as bytes',
    submit: 'accept',
    look: 'done-bomb',
    work: 'bytes',
    timeout: enough,
    maxBytes: 8 * mebibyte,
    ends: tooLarge,
  },
  { name: 'bomb to disk', submit: 'accept', look: 'done-bomb', work: 'save', timeout: enough, ends: tooLarge },
  {
    name: 'endless as bytes',
    submit: 'accept',
    look: 'done-endless',
    work: 'bytes',
    timeout: enough,
    maxBytes: 8 * mebibyte,
    ends: tooLarge,
  },
  { name: '100 MB announced', submit: 'accept', look: 'done-large', work: 'save', timeout: enough, ends: tooLarge },
  {
    name: '100 MB to disk',
    submit: 'accept',
    look: 'done-large',
    work: 'save',
    timeout: enough,
    maxBytes: 128 * mebibyte,
    ends: /^saved/,
  },
];

function run(orders: readonly Order[]): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', join(import.meta.dirname, 'memory-child.ts'), JSON.stringify(orders)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += `error: ${chunk}`;
  });
  const stop = setTimeout(() => child.kill('SIGKILL'), 270_000);
  return new Promise((resolve) =>
    child.once('close', () => {
      clearTimeout(stop);
      resolve(said);
    }),
  );
}

/** Answers and pictures of any size, in a process of its own that is weighed while it reads them. */
export async function memoryBounds(): Promise<Growth> {
  const folder = mkdtempSync(join(tmpdir(), 'imageport-memory-'));
  const { server, url } = await openServer();
  try {
    const all = hosts.flatMap((host) =>
      // A file has no host: its pictures are the same at both.
      [...trials, ...(host === 'wavespeed' ? pictures : [])].map((trial) => ({ ...trial, host })),
    );
    const orders = all.map(({ submit, look, ends: _, ...trial }, index): Order => {
      const name = `${trial.host}, ${trial.name}`;
      return { ...trial, name, baseUrl: `${url}/${submit}/${look}`, path: join(folder, `${index}.png`) };
    });
    const said = await Promise.all(hosts.map((host) => run(orders.filter((order) => order.host === host))));
    const lines = said
      .join('\n')
      .split('\n')
      .filter((line) => line !== '');
    const violations = lines.filter((line) => !line.startsWith('{'));
    const accounts: Account[] = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    for (const [index, { ends }] of all.entries()) {
      const name = orders[index]?.name ?? '';
      const told = accounts.find((each) => each.name === name);
      if (!told) violations.push(`${name}: the process did not live to tell`);
      else violations.push(...judge(told, ends).map((problem) => `${name}: ${problem}`));
    }
    const [most] = accounts.toSorted((a, b) => b.growth - a.growth);
    const note = most ? `at most ${megabytes(most.growth)}: ${most.name}` : '';
    return { suite: 'memory under answers of any size', tried: all.length, violations, note };
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    rmSync(folder, { recursive: true, force: true });
  }
}

const megabytes = (size: number): string => `${(size / mebibyte).toFixed(1)} MiB`;

// That a call ends by its deadline is judged where the clock is virtual; here one that does not end is killed.
const judge = ({ ended, typed, growth }: Account, ends: RegExp): string[] => [
  ...(growth > most ? [`held ${megabytes(growth)}`] : []),
  ...(typed && ends.test(ended) ? [] : [`ended as ${ended}`]),
];
