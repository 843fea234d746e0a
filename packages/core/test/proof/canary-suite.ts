import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createApiframe, verifyApiframeWebhook } from '@imageport/apiframe';
import { createWavespeed, verifyWavespeedWebhook } from '@imageport/wavespeed';
import { hostAt } from '../../src/host/host.ts';
import {
  createImageClient,
  createMemoryLedger,
  type GeneratedImage,
  generateImage,
  ImageError,
  type ImageEvent,
  type ImageModel,
  type Job,
  type Provider,
  pollImage,
  waitForImage,
} from '../../src/index.ts';
import { type HostName, hosts, inVirtualTime } from '../world.ts';
import { deliveries, longText, namedErrors, spelledBodies } from './canary-worlds.ts';
import type { Finding } from './play.ts';

type Fetch = typeof globalThis.fetch;

const key = 'Canary-7fQ+x/Zk~9Wv=KEY';
const signature = 'SIGNED-canary-3b1d0c';
const flip = (text: string): string =>
  [...text].map((sign) => (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase())).join('');

/** Every form in which the key could come out. */
const forms: readonly string[] = [
  key,
  flip(key),
  key.toLowerCase(),
  key.toUpperCase(),
  [...key].reverse().join(''),
  encodeURIComponent(key),
  ...(['base64', 'base64url', 'hex'] as const).map((encoding) =>
    Buffer.from(key).toString(encoding).replace(/=+$/, ''),
  ),
  // What base64 of it has at any place, whatever stands before and behind.
  ...[0, 1, 2].flatMap((start) => {
    const core = Buffer.from('x'.repeat(start) + key)
      .toString('base64')
      .slice(4, -6);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  }),
  // A part of it is enough to be ashamed of.
  key.slice(0, 12),
  key.slice(-12),
];

/** Names the form of a secret that a text holds. */
function findIn(text: string, secrets: readonly string[]): string | undefined {
  // Split by white space it is still there, and so it is for who reads what is escaped.
  const whole = text.replace(/\s|\\+[nrt]|\p{Cf}|\\+u200b/gu, '');
  const plain = whole.replace(/(?:\\+u00|%(?:25)*)([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return secrets.find((secret) => [text, whole, plain].some((each) => each.includes(secret)));
}

/** Everything that a value shows of itself, by the ways in which values are shown. */
function shown(value: unknown): [way: string, text: string][] {
  const ways: [string, () => unknown][] = [
    ['String', () => String(value)],
    ['inspect', () => inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null })],
    ['JSON', () => JSON.stringify(value)],
    ['structuredClone', () => inspect(structuredClone(value), { depth: 10, showHidden: true })],
    ...(value instanceof Error
      ? ([
          ['message', () => value.message],
          ['stack', () => value.stack],
          ['cause', () => causes(value)],
        ] as [string, () => unknown][])
      : []),
  ];
  return ways.map(([way, show]) => [way, attempt(show)]);
}

function attempt(show: () => unknown): string {
  try {
    return String(show());
  } catch {
    // Functions cannot be cloned: then nothing is shown.
    return '';
  }
}

function causes(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 8) return String(error);
  return `${inspect(error, { depth: 10, showHidden: true })}\n${causes((error as { cause?: unknown }).cause, depth + 1)}`;
}

/** Everything that came out of one scene. */
interface Evidence {
  readonly scene: string;
  readonly values: unknown[];
}

/** The first way in which each value shows a secret, with the words around it. */
const search = ({ scene, values }: Evidence, secrets = forms): string[] =>
  values.flatMap((value) => {
    for (const [way, text] of shown(value)) {
      const found = findIn(text, secrets);
      if (found === undefined) continue;
      const around = text.slice(Math.max(0, text.indexOf(found) - 60)).slice(0, 140);
      return [`${scene}: ${found} in ${way}: …${around.replace(/\s+/g, ' ')}…`];
    }
    return [];
  });

const echo = `Invalid credentials: Authorization: Bearer ${key}, X-API-Key: ${key}, key=${key}.`;
const signedWords = `https://a.example/x?Expires=1&sig=${signature} is gone`;
/** What a host that quotes what it was sent answers, in every place where words may stand. */
const bodies: readonly (readonly [name: string, body: unknown])[] = [
  ['message', { code: 400, message: echo }],
  [
    'error',
    { error: echo, message: echo, detail: echo, details: { [`authorization ${key}`]: [echo] }, errors: [echo] },
  ],
  ['error_code', { message: 'no', error_code: `E-${key}` }],
  ['text', echo],
  ['html', `<html><body><pre>${echo}</pre></body></html>`],
  ['long', `${'.'.repeat(290)}${echo}`],
  ['cut', `${'.'.repeat(4000 - 12)}${key}`],
  ['a text that the transport cuts', longText(key)],
  ['a signed address', { code: 400, message: `see https://a.example/x?X-Signature=${signature}`, error: signedWords }],
  ...spelledBodies(key),
];
const statuses = [200, 202, 204, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 408, 409, 410, 418, 422, 425, 429];
const serverErrors = [500, 502, 503, 504];

const echoHeaders = {
  'x-request-id': key,
  'request-id': `req-${key}`,
  'www-authenticate': `Bearer ${key}`,
  'retry-after': key,
  date: key,
  location: `https://evil.example/${encodeURIComponent(key)}?key=${key}`,
};

function respond(status: number, body: unknown, headers: Record<string, string> = echoHeaders): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response([204, 205, 304].includes(status) ? null : text, { status, headers });
}

/** The paid job of either host, under way or finished. */
const accepted = (host: HostName): unknown =>
  host === 'wavespeed'
    ? { code: 200, data: { id: 'job-0001', status: 'created' } }
    : { jobId: 'job-0001', status: 'QUEUED' };

function finished(host: HostName, url: string): unknown {
  const word = { wavespeed: 'completed', apiframe: 'COMPLETED' }[host];
  const job = { id: 'job-0001', status: word, outputs: [url], result: { images: [url] }, creditCost: 1 };
  return host === 'wavespeed' ? { code: 200, data: job } : job;
}

const failed = (host: HostName): unknown => {
  const job = { id: 'job-0001', status: { wavespeed: 'failed', apiframe: 'FAILED' }[host], error: echo, creditCost: 0 };
  return host === 'wavespeed' ? { code: 200, data: job } : job;
};

const create = { wavespeed: createWavespeed, apiframe: createApiframe };
const home = 'https://api.example.com';

/** Requests that are not for the host itself, and everything that goes with them. */
function createWatch(
  host: HostName,
  inner: (url: string, method: string) => Response,
): { fetch: Fetch; foreign: string[] } {
  const foreign: string[] = [];
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, { ...init, signal: null });
    const told = `${request.url}\n${inspect([...request.headers])}\n${await request.clone().text()}`;
    if (new URL(request.url).origin !== home && findIn(told, forms))
      foreign.push(`${host} told ${request.url} the key`);
    return inner(request.url, request.method);
  };
  return { fetch, foreign };
}

interface Scene {
  readonly name: string;
  readonly host: HostName;
  submit(): Response;
  poll(): Response;
  output?(): Response;
  /** The provider itself is looked at too, after it was used. */
  readonly shows?: true;
}

const outputUrl = `https://93.184.216.34/a.png?X-Signature=${signature}`;

function scenesOf(host: HostName): Scene[] {
  const done = (): Response => respond(200, finished(host, outputUrl), {});
  const start = (): Response => respond(200, accepted(host), {});
  const all = [...statuses, ...serverErrors];
  // Every status with one of the bodies, every body with the statuses that are read differently.
  const pairs = all.flatMap((status, nth) =>
    bodies
      .filter((_, index) => [200, 400, 401, 500].includes(status) || index === nth % bodies.length)
      .map(([name, body]) => ({ status, name, body })),
  );
  const answers = pairs.map(({ status, name, body }) => ({
    name: `${status} with ${name}`,
    answer: () => respond(status, body),
  }));
  const thrown = throwers().map(([name, answer]) => ({ name, answer }));
  return [
    ...[...answers, ...thrown].flatMap(({ name, answer }): Scene[] => [
      { name: `submit ${name}`, host, submit: answer, poll: done },
      { name: `poll ${name}`, host, submit: start, poll: answer },
      { name: `download ${name}`, host, submit: start, poll: done, output: answer },
    ]),
    { name: 'a failed job', host, submit: start, poll: () => respond(200, failed(host)), shows: true },
    { name: 'a failed submit', host, submit: () => respond(200, failed(host)), poll: done, shows: true },
  ];
}

/** What a fetch of the caller's own, or a runtime, may throw: errors that hold the request, its headers, or quote them. */
function throwers(): [string, () => never][] {
  const request = new Request(`${home}/x`, { headers: { authorization: `Bearer ${key}`, 'x-api-key': key } });
  const make = (more: object, cause?: unknown): Error =>
    Object.assign(new TypeError(`fetch failed with Bearer ${key}`, { cause }), more);
  const deep = Object.assign(new Error(`invalid header value "${key}"`), { code: 'ECONNRESET', headers: { key } });
  const errors: [string, unknown][] = [
    ['an error that quotes the key', make({})],
    ['an error that holds the request', make({ request, options: { headers: { authorization: key } } })],
    ['an error that holds the headers', make({ headers: new Headers({ 'x-api-key': key }), config: { key } })],
    ['an error whose cause quotes the key', make({}, deep)],
    ['an error whose cause holds the request', make({}, Object.assign(new Error('inner'), { request, key }))],
    ['a text', `Bearer ${key}`],
    ['an object', { code: 'ECONNREFUSED', message: key, authorization: key }],
    ['a Response', respond(500, echo)],
    ['an AggregateError', new AggregateError([deep, make({})], key)],
    ...namedErrors(key),
  ];
  return errors.map(([name, error]) => [
    name,
    () => {
      throw error;
    },
  ]);
}

/** Plays one scene with everything that can be told about it. */
async function play(scene: Scene): Promise<string[]> {
  const { host } = scene;
  const { fetch, foreign } = createWatch(host, (url, method) => {
    if (!url.startsWith(home)) return (scene.output ?? (() => respond(404, echo)))();
    const isSubmit = method === 'POST' && !/\/api\/v3\/predictions$/.test(url);
    return isSubmit
      ? scene.submit()
      : method === 'GET'
        ? scene.poll()
        : respond(200, { code: 200, data: { items: [] } }, {});
  });
  const provider: Provider = create[host]({ apiKey: key, baseUrl: home, fetch });
  const model: ImageModel = provider('seedream-4');
  const ledger = createMemoryLedger();
  const events: ImageEvent[] = [];
  const onEvent = (event: ImageEvent): void => void events.push(event);
  const values: unknown[] = [events];
  const errors: unknown[] = [];
  const keep = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.then(
      (value) => {
        values.push(value);
        return value;
      },
      (error: unknown) => void errors.push(error),
    );
  const options = { model, ledger, onEvent, prompt: 'a lighthouse', timeout: 60, interval: 5, intentId: 'canary' };
  const result = await keep(generateImage(options));
  await keep(result?.images[0]?.bytes({ timeout: 30 }) ?? Promise.resolve(undefined));
  const job = { provider: host, modelId: 'seedream-4', id: 'job-0001' };
  if (!scene.output) {
    await keep(pollImage(model, job, { timeout: 60, onEvent }));
    await keep(waitForImage(model, job, { timeout: 30, interval: 5, onEvent }));
  }
  for await (const record of ledger.open()) values.push(record);
  // These are long, and the same in every scene.
  if (scene.shows) {
    const client = createImageClient({ model, ledger });
    values.push(provider, model, client, hostAt(provider), Object.getOwnPropertyDescriptors(provider));
  }
  const told = { scene: `${host}, ${scene.name}`, values: [...values, ...errors] };
  // Where a picture is, its owner may know; what went wrong with it is told to others too.
  const inErrors = search({ ...told, values: errors }, [signature]);
  return [...search(told), ...inErrors, ...foreign];
}

/** A host that makes the key a part of the job's name, and of the picture's address. */
async function namedWithKey(host: HostName): Promise<string[]> {
  // An address, because nobody can look up names here.
  const own = 'https://93.184.216.35';
  const violations: string[] = [];
  const names = [
    `job-${key}`,
    `job-${encodeURIComponent(key)}`,
    `job-${Buffer.from(`u:${key}`).toString('base64url')}`,
  ];
  for (const id of names) {
    const asked: string[] = [];
    const rename = (answer: unknown): Response => respond(200, JSON.stringify(answer).replaceAll('job-0001', id), {});
    const files = [`${own}/files/${encodeURIComponent(key)}.png?k=${key}`, `https://93.184.216.34/${key}.png`];
    for (const file of files) {
      const fetch: Fetch = async (input, init) => {
        const url = String(input);
        asked.push(url);
        if (init?.method === 'POST') return rename(accepted(host));
        return url.includes('.png') ? new Response(png) : rename(finished(host, file));
      };
      const model = create[host]({ apiKey: key, baseUrl: own, fetch })('seedream-4');
      const ledger = createMemoryLedger();
      const values: unknown[] = [];
      const keep = (value: unknown): void => void values.push(value);
      const options = { model, ledger, prompt: 'a lighthouse', timeout: 60, interval: 5, deliver: keep, onEvent: keep };
      const result = await generateImage(options).catch((error: unknown) => error);
      const [record] = await ledger.find({ job: { provider: host, id: (values.find(hasJob) as { job: Job }).job.id } });
      values.push(result, record);
      const [image] = (result as { images?: GeneratedImage[] }).images ?? [];
      const bytes = await image?.bytes({ timeout: 30 }).catch((error: unknown) => error);
      const isOwn = file.startsWith(own);
      if (!ImageError.is(bytes) !== isOwn) violations.push(`${host}, ${id}, ${file}: ${inspect(bytes).slice(0, 300)}`);
      if (!asked.some((url) => decodeURIComponent(url).includes(id)))
        violations.push(`${host}: job ${id} was not polled by its name, so its picture is lost`);
      if (asked.some((url) => !url.startsWith(own) && findIn(url, forms)))
        violations.push(`${host} told others the key`);
      violations.push(...search({ scene: `${host}, job ${id} at ${file}`, values: [...values, bytes] }));
    }
  }
  return violations;
}

const hasJob = (value: unknown): boolean => typeof value === 'object' && value !== null && 'job' in value;
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const badKeys = [`${key}\n${key}`, `${key}\r\nX-Evil: 1`, `${key} ${key}`, `${key}\u00e9`, `${key}\0`, `\u200b${key}`];

/** Keys that cannot be sent, given directly, through the environment and to webhooks. */
async function malformedKeys(): Promise<string[]> {
  const values: unknown[] = [];
  const keep = async (work: () => unknown): Promise<void> => {
    try {
      values.push(await work());
    } catch (error) {
      values.push(error);
    }
  };
  for (const host of hosts) {
    for (const apiKey of badKeys) {
      await keep(() => create[host]({ apiKey }));
      const name = `${host.toUpperCase()}_API_KEY`;
      const before = process.env[name];
      process.env[name] = apiKey.replaceAll('\0', ' x');
      try {
        const model = create[host]({ baseUrl: home, fetch: async () => respond(401, echo) })('seedream-4');
        await keep(() => generateImage({ model, prompt: 'a lighthouse', timeout: 50 }));
      } finally {
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      }
    }
    for (const baseUrl of [
      `https://user:${key}@api.example.com`,
      `http://${key}.example.com`,
      `https://a.example/?k=${key}`,
    ])
      await keep(() => create[host]({ apiKey: key, baseUrl }));
  }
  const headers = {
    'webhook-id': 'a',
    'webhook-timestamp': '1',
    'webhook-signature': `v3,${key}`,
    'x-webhook-signature': key,
  };
  for (const secret of [key, `whsec_${key}`, ...badKeys]) {
    await keep(() => verifyWavespeedWebhook({ secret, headers, body: echo }));
    await keep(() => verifyApiframeWebhook({ apiKey: secret, headers, body: echo }));
  }
  return search({ scene: 'malformed keys', values });
}

/** Real redirects over real sockets, by the runtime's own fetch: what arrives at the other host. */
async function redirects(): Promise<string[]> {
  const heard: string[] = [];
  const foreign = await open((incoming) => void heard.push(`${incoming.url}\n${inspect(incoming.rawHeaders)}`));
  const violations: string[] = [];
  try {
    for (const status of [301, 302, 303, 307, 308]) {
      for (const host of hosts) {
        const own = await open(() => undefined, { status, location: `${foreign.url}/stolen` });
        try {
          const model = create[host]({ apiKey: key, baseUrl: own.url })('seedream-4');
          const ended: unknown = await generateImage({ model, prompt: 'a lighthouse', timeout: 300 }).catch(
            (error) => error,
          );
          violations.push(...search({ scene: `${host}, a real ${status}`, values: [ended] }));
        } finally {
          await close(own.server);
        }
      }
    }
  } finally {
    await close(foreign.server);
  }
  return [...violations, ...heard.map((request) => `a redirect was followed: ${request}`)];
}

interface Opened {
  readonly server: Server;
  readonly url: string;
}

async function open(
  hear: (incoming: IncomingMessage) => void,
  { status, location }: { status: number; location: string } = { status: 200, location: '' },
): Promise<Opened> {
  const server = createServer((incoming, response) => {
    hear(incoming);
    response.writeHead(status, location ? { location } : {}).end(echo);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** What is written to the console and to the streams below it while the work goes on. */
async function listen(work: () => Promise<void>): Promise<string> {
  const said: string[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
  const spoken = methods.map((method) => console[method]);
  for (const stream of streams) stream.write = (chunk: unknown) => said.push(String(chunk)) > 0;
  for (const method of methods) console[method] = (...words) => void said.push(inspect(words, { depth: 10 }));
  try {
    await work();
  } finally {
    for (const [index, stream] of streams.entries()) Object.assign(stream, { write: writes[index] });
    for (const [index, method] of methods.entries()) Object.assign(console, { [method]: spoken[index] });
  }
  return said.join('\n');
}

const together = 60;

/** A key that can be recognised in every form is looked for wherever an error, an event or a value could show it. */
export async function keyCanaries(): Promise<Finding> {
  const scenes = hosts.flatMap(scenesOf);
  const violations: string[] = [];
  const said = await listen(async () => {
    for (let start = 0; start < scenes.length; start += together) {
      const some = scenes.slice(start, start + together);
      violations.push(...(await inVirtualTime(() => Promise.all(some.map(play)))).flat());
    }
    violations.push(...(await inVirtualTime(() => Promise.all(hosts.map(namedWithKey)))).flat());
    violations.push(...search({ scene: 'genuine webhooks', values: await deliveries(key) }));
    violations.push(...(await malformedKeys()), ...(await redirects()));
  });
  const aloud = findIn(said, [...forms, signature]);
  if (aloud) violations.push(`the console said ${aloud}`);
  return { suite: 'keys in whatever comes out', tried: scenes.length + 1, violations };
}
