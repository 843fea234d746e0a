import { createHash } from 'node:crypto';
import { type GenerateImageOptions, type ImageCheck, parseRequest } from '@imageport/core';
import type { Accounts } from '../accounts.ts';

export const digest = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/**
 * What the picture is made from, however it was written and wherever its row stands, so that a list can grow between two runs.
 * How long it may take and how many are wanted are no part of it.
 */
export function describeRequest(options: Omit<GenerateImageOptions, 'model'>): unknown {
  const { prompt, size, aspectRatio, resolution, seed, images, promptExpansion, sync, fit, outputFormat } = options;
  const asked = { prompt, size, aspectRatio, resolution, seed, images, promptExpansion, sync, fit, outputFormat };
  const { images: references, mask, ...request } = parseRequest({ ...asked, mask: options.mask });
  return [request, references.map(shorten), ...(mask === undefined ? [] : [shorten(mask)])];
}

const shorten = (image: string): string => (image.startsWith('data:') ? digest(image) : image);

/**
 * Who is asked for it: the first model of the route that can make it, and where, if its host is asked elsewhere than at its own
 * address. The models after it are asked only when it has cost nothing, so a route may grow at its end, as by another key.
 */
export function describeTarget(checks: readonly ImageCheck[], accounts: Accounts): unknown {
  const first = checks.find(({ error }) => !error);
  if (!first || accounts.emulated) return [first?.provider, first?.modelId, accounts.emulated];
  const own = accounts.providers.find(({ adapter }) => adapter.name === first.provider)?.adapter.baseUrl;
  const [given, usual] = [accounts.addresses[first.provider], own].map((url) => url && new URL(url).origin);
  return [first.provider, first.modelId, given === usual ? undefined : given];
}
