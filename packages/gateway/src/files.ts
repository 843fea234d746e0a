import type { GeneratedImage, Job } from '@imageport/core';
import { Refusal } from './refusal.ts';

/** Which picture an address stands for. */
export interface PictureAddress {
  /** The name of the model that was asked for. */
  readonly name: string;
  readonly job: Job;
  /** Which picture of the job, from 0. */
  readonly index: number;
}

/** Addresses of pictures that nobody can forge, read or use for ever. */
export interface PictureTokens {
  seal(address: PictureAddress): Promise<string>;
  /** Throws a `Refusal`. */
  open(token: string): Promise<PictureAddress>;
}

const ivLength = 12;

/**
 * Tokens that are encrypted and authenticated by one secret (AES-GCM), because a job's id is between the gateway and the host.
 * `lifetime`: milliseconds.
 */
export function createTokens(secret: string | undefined, lifetime: number): PictureTokens {
  let key: Promise<CryptoKey> | undefined;
  const open = (): Promise<CryptoKey> => {
    key ??= toKey(secret ?? crypto.randomUUID() + crypto.randomUUID());
    return key;
  };
  return {
    async seal(address) {
      const iv = crypto.getRandomValues(new Uint8Array(ivLength));
      const text = JSON.stringify({ ...address, until: Date.now() + lifetime });
      const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await open(), new TextEncoder().encode(text));
      return toText(new Uint8Array([...iv, ...new Uint8Array(data)]));
    },
    async open(token) {
      const sealed = await unseal(token, await open());
      if (Date.now() <= sealed.until) return sealed;
      throw new Refusal('file_expired', 'the address of this picture has expired');
    },
  };
}

async function toKey(secret: string): Promise<CryptoKey> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`imageport files ${secret}`));
  return crypto.subtle.importKey('raw', hash, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function unseal(token: string, key: CryptoKey): Promise<PictureAddress & { readonly until: number }> {
  try {
    if (!/^[\w-]{40,4000}$/.test(token)) throw new TypeError('not a token');
    const bytes = fromText(token);
    const algorithm = { name: 'AES-GCM', iv: bytes.subarray(0, ivLength) };
    const data = await crypto.subtle.decrypt(algorithm, key, bytes.subarray(ivLength));
    return JSON.parse(new TextDecoder().decode(data)) as PictureAddress & { readonly until: number };
  } catch {
    throw new Refusal('file_not_found', 'there is no such picture');
  }
}

const toText = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const fromText = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));

/** The addresses of the pictures of one result. */
export const addressesOf = (images: readonly GeneratedImage[], name: string): PictureAddress[] =>
  images.map(({ job }, place) => ({
    ...{ name, job },
    index: images.slice(0, place).filter((other) => other.job.id === job.id).length,
  }));

/** A picture as it is shown. It comes from a host: a browser must take it for nothing but a picture. */
export function pictureResponse(bytes: Uint8Array<ArrayBuffer>, mediaType: string | undefined): Response {
  return new Response(bytes, {
    headers: {
      'content-type': mediaType ?? 'application/octet-stream',
      'cache-control': 'private, max-age=3600',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  });
}
