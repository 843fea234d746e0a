import pRetry from 'p-retry';
import { fromBase64 } from '../image/base64.ts';
import { describeExchange, exchangeFacts, failure } from './failure.ts';
import { fullJitter } from './repeat.ts';
import type { Watch } from './run.ts';

const uploadTimeout = 60_000;

/** Puts pictures that were given as data where a host that takes only URLs can fetch them. Free, so it may repeat. */
export function uploadImages(watch: Watch | Omit<Watch, 'state'>, images: readonly string[]): Promise<string[]> {
  const { upload } = watch.host.adapter;
  return Promise.all(images.map((image) => (upload && image.startsWith('data:') ? uploadOne(watch, image) : image)));
}

function uploadOne(watch: Omit<Watch, 'state'>, dataUrl: string): Promise<string> {
  const { deadline } = watch.run;
  return pRetry(() => post(watch, dataUrl), {
    retries: 2,
    minTimeout: 0,
    signal: deadline.signal,
    shouldRetry: async ({ error, retriesConsumed }) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'unavailable')) return false;
      await deadline.sleep(fullJitter(retriesConsumed));
      return true;
    },
  });
}

async function post(watch: Omit<Watch, 'state'>, dataUrl: string): Promise<string> {
  const { host, run } = watch;
  const { path, field, parse } = host.adapter.upload ?? { path: '', field: 'file', parse: () => undefined };
  const bytes = fromBase64(dataUrl);
  const type = /^data:([^;,]+)/.exec(dataUrl)?.[1] ?? 'application/octet-stream';
  if (!bytes)
    throw failure(watch, 'invalid_request', '`images` holds a data URL that is not base64', { stage: 'prepare' });
  const form = new FormData();
  form.append(field, new Blob([bytes], { type }), `reference.${type.split('/')[1] ?? 'bin'}`);
  const request = { method: 'POST', path } as const;
  const exchange = await host.call(request, { form, signal: run.deadline.signal, timeout: uploadTimeout });
  run.deadline.signal.throwIfAborted();
  const url = exchange.bodyState === 'json' ? parse(exchange.body) : undefined;
  if (url) return url;
  const code = uploadCode(exchange.status);
  const detail = `uploading a reference picture: ${describeExchange(exchange, undefined)}`;
  throw failure(watch, code, detail, { ...exchangeFacts(exchange), stage: 'prepare' });
}

function uploadCode(
  status: number | undefined,
): 'unavailable' | 'unauthenticated' | 'invalid_request' | 'rate_limited' {
  if (status === 401 || status === 403) return 'unauthenticated';
  if (status === 429) return 'rate_limited';
  return status !== undefined && status >= 400 && status < 500 ? 'invalid_request' : 'unavailable';
}
