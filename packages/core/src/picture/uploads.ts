import pRetry from 'p-retry';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ImageRequest } from '../contract/request.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import type { Exchange } from '../host/transport.ts';
import { fromBase64 } from '../image/base64.ts';
import { prepareRequest } from '../request/resolve.ts';
import { describeExchange, exchangeFacts, failure } from './answer.ts';
import { hostOf, modelOf, type Picture, subjectOf } from './picture.ts';
import type { Asked } from './prepare.ts';

/** The pictures of a request that a host must be able to fetch. Its own jobs it has, and a mask for them is sent as it is. */
const picturesOf = ({ images, mask, vary }: ImageRequest): readonly string[] =>
  mask === undefined || vary ? images : [...images, mask];

const isData = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^data:image\/[\w.+-]+;base64,/i.test(value);

/** Pictures that were given as data in native fields, alone or in a list. Of fields that no table has nothing is known. */
function nativePictures(
  { family: { fields } }: Asked['prepared'],
  { vary }: ImageRequest,
  given: JsonObject,
): string[] {
  if (fields === 'any' || vary) return [];
  return Object.entries(given).flatMap(([name, value]) =>
    Object.hasOwn(fields, name) ? (Array.isArray(value) ? value : [value]).filter(isData) : [],
  );
}

/** Whether pictures must be put first where the host can fetch them. */
export const needsUpload = ({ provider: { adapter } }: RouteModel, { request, prepared }: Asked): boolean =>
  adapter.upload !== undefined &&
  (picturesOf(request).some(isData) ||
    nativePictures(prepared, request, request.providerOptions[adapter.name] ?? {}).length > 0);

/** The same with addresses of uploaded pictures, which is free. */
export async function uploadReferences(picture: Picture, asked: Asked, signal: AbortSignal): Promise<Asked> {
  const { provider, modelId } = modelOf(picture);
  const { request, prepared } = asked;
  const given = request.providerOptions[provider.adapter.name] ?? {};
  const data = [...picturesOf(request).filter(isData), ...nativePictures(prepared, request, given)];
  const addresses = await uploadImages(picture, [...new Set(data)], signal);
  const toAddress = <Value extends Json>(value: Value): Value | string =>
    typeof value === 'string' ? (addresses.get(value) ?? value) : value;
  const fields = Object.entries(given).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((each) => toAddress(each)) : toAddress(value),
  ]);
  const uploaded: ImageRequest = {
    ...request,
    images: request.images.map(toAddress),
    ...(request.mask === undefined ? {} : { mask: toAddress(request.mask) }),
    providerOptions: { ...request.providerOptions, [provider.adapter.name]: Object.fromEntries(fields) },
  };
  return { request: uploaded, prepared: prepareRequest(provider.adapter, modelId, uploaded) };
}

/** Milliseconds to the headers. */
const uploadTimeout = 60_000;
const mostUploads = 3;
/** Milliseconds before the second try; the third waits twice as long. */
const firstPause = 250;

/** Puts pictures where a host that takes only URLs can fetch them; gives the address of each. Free, so it is retried. */
async function uploadImages(
  picture: Picture,
  images: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const put = images.map(async (image) => [image, await uploadOne(picture, image, signal)] as const);
  return new Map(await Promise.all(put));
}

function uploadOne(picture: Picture, dataUrl: string, signal: AbortSignal): Promise<string> {
  return pRetry(() => post(picture, dataUrl, signal), {
    ...{ retries: mostUploads - 1, minTimeout: firstPause, randomize: true, signal },
    shouldRetry: ({ error }) => ImageError.is(error) && error.code === 'unavailable',
  });
}

async function post(picture: Picture, dataUrl: string, signal: AbortSignal): Promise<string> {
  const host = hostOf(picture);
  const { path, field, parse } = host.adapter.upload ?? { path: '', field: 'file', parse: () => undefined };
  const subject = subjectOf(picture);
  const bytes = fromBase64(dataUrl);
  const type = /^data:([^;,]+)/.exec(dataUrl)?.[1] ?? 'application/octet-stream';
  if (!bytes) {
    throw failure(subject, 'invalid_request', '`images` holds a data URL that is not base64', { stage: 'prepare' });
  }
  const form = new FormData();
  form.append(field, new Blob([bytes], { type }), `reference.${type.split('/')[1] ?? 'bin'}`);
  const exchange = await host.ask({ method: 'POST', path }, signal, { form, timeout: uploadTimeout, lane: 'submit' });
  signal.throwIfAborted();
  const url = exchange.bodyState === 'json' ? parse(exchange.body) : undefined;
  if (url) return url;
  const detail = `uploading a reference picture: ${describeExchange(exchange)}`;
  throw failure(subject, uploadCode(exchange), detail, { ...exchangeFacts(exchange), stage: 'prepare' });
}

function uploadCode({ status }: Exchange): 'unavailable' | 'unauthenticated' | 'invalid_request' | 'rate_limited' {
  if (status === 401 || status === 403) return 'unauthenticated';
  if (status === 429) return 'rate_limited';
  return status !== undefined && status >= 400 && status < 500 ? 'invalid_request' : 'unavailable';
}
