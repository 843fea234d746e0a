import type { ImageRequest } from '../contract/request.ts';

/** Names jobs that take about as long as each other: same host, same model, as many pixels to a factor of two. */
export function kindOf(provider: string, modelId: string, { size, resolution }: ImageRequest): string {
  const extent = size ? Math.round(Math.log2(size.width * size.height)) : (resolution ?? 'default');
  return `${provider}:${modelId}:${extent}`;
}
