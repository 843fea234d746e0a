import { writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createApiframe } from '../../../apiframe/src/index.ts';
import { createWavespeed } from '../../../wavespeed/src/index.ts';
import { generateImage, ImageError, type ImageEvent, pollImage } from '../../src/index.ts';
import { saveImage } from '../../src/node/index.ts';

/** What a child is told to do. Its hosts are `<url>/<what the submit does>/<what a look does>`. */
export interface Order {
  readonly name: string;
  readonly host: 'wavespeed' | 'apiframe';
  readonly baseUrl: string;
  readonly work: 'generate' | 'bytes' | 'save';
  /** Milliseconds. */
  readonly timeout: number;
  /** The caller gives up so many milliseconds after the job was accepted, however long that took. */
  readonly patience?: number;
  readonly maxBytes?: number;
  readonly path: string;
}

/** How it went. */
export interface Account {
  readonly name: string;
  readonly ended: string;
  readonly typed: boolean;
  /** The most that was held at a time beyond what was held before, in bytes. */
  readonly growth: number;
}

const mebibyte = 1024 * 1024;
const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('needs --expose-gc');

/** Everything, garbage too. `external` has the array buffers in it. */
function weigh(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What is alive. */
function held(): number {
  // Buffers count until the garbage of the collection before has been swept, which waits for a free core or for the next.
  collect?.();
  collect?.();
  return weigh();
}

async function obey({ host, baseUrl, work, timeout, patience, maxBytes, path }: Order): Promise<string> {
  const create = { wavespeed: createWavespeed, apiframe: createApiframe }[host];
  const model = create({ apiKey: 'key', baseUrl })('seedream-4');
  if (work === 'generate') {
    const caller = new AbortController();
    const onEvent = ({ type }: ImageEvent): void => {
      if (type === 'accepted' && patience) setTimeout(() => caller.abort(givenUp), patience);
    };
    const { images } = await generateImage({ model, prompt: 'a lighthouse', timeout, signal: caller.signal, onEvent });
    return `${images.length} pictures`;
  }
  const job = { provider: host, modelId: 'seedream-4', id: 'job-0001' };
  const { images } = await pollImage(model, job, { timeout: 120_000 });
  const [image] = images;
  if (!image) throw new Error('no picture to download');
  const options = { timeout, ...(maxBytes === undefined ? {} : { maxBytes }) };
  if (work === 'bytes') return `${(await image.bytes(options)).byteLength} bytes`;
  try {
    return `saved as ${await saveImage(image, path, options)}`;
  } finally {
    await rm(path, { force: true });
  }
}

const givenUp = new Error('given up');

const reported = (error: unknown): string =>
  ImageError.is(error)
    ? `${error.code} ${error.reason ?? ''}`.trim()
    : error === givenUp
      ? 'given up'
      : `untyped: ${String(error)}`;

async function account(order: Order): Promise<Account> {
  const before = held();
  let most = before;
  const timer = setInterval(() => {
    // Collecting takes time, so it is done only where there is more than was ever held.
    if (weigh() > most + mebibyte) most = Math.max(most, held());
  }, 20);
  const { ended, typed } = await obey(order).then(
    (text) => ({ ended: text, typed: true }),
    (error: unknown) => ({ ended: reported(error), typed: ImageError.is(error) || error === givenUp }),
  );
  clearInterval(timer);
  return { name: order.name, ended, typed, growth: most - before };
}

const orders: readonly Order[] = JSON.parse(process.argv[2] ?? '[]');
// One after the other, so that each has its own growth; the first only wakes everything up.
const [first] = orders;
if (first) await obey({ ...first, timeout: 200 }).catch(() => undefined);
for (const order of orders) writeSync(1, `${JSON.stringify(await account(order))}\n`);
