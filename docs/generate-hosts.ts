import { apiframe } from '@imageport/apiframe';
import { checkImage, type ImageCheck, type Provider, type RequestOptions } from '@imageport/core';
import { wavespeed } from '@imageport/wavespeed';
import { code, plain, table } from './table.ts';

interface Row {
  readonly model: string;
  readonly options: Omit<RequestOptions, 'prompt'>;
}

const prompt = 'a lighthouse';
const picture = 'https://example.com/a.png';
const row = (model: string, options: Row['options']): Row => ({ model, options });

/** The rows of the README: what differs most. */
const first: readonly Row[] = [
  row('seedream-4', { size: '2048*2048' }),
  row('seedream-4', { aspectRatio: '16:9', resolution: '2K' }),
  row('flux-2-pro', { size: '1024*768', seed: 7 }),
  row('nano-banana-pro', { images: [picture], resolution: '4K' }),
  row('seedream-3', { seed: 7, sync: true }),
  row('seedream-4', { seed: 7 }),
];

/** One row at least for every field of a request. */
const all: readonly Row[] = [
  row('seedream-4', {}),
  row('seedream-4', { size: '2048x2048' }),
  row('seedream-5-lite', { size: '2048*2048' }),
  row('seedream-3', { size: '3000*3000' }),
  row('seedream-3', { size: '3000*3000', fit: 'nearest' }),
  row('seedream-4', { aspectRatio: '16:9' }),
  row('seedream-4', { resolution: '4K' }),
  row('seedream-3', { seed: 7 }),
  row('seedream-4', { seed: 7 }),
  row('seedream-4', { images: [picture] }),
  row('seedream-3.1', { promptExpansion: false }),
  row('seedream-4', { promptExpansion: false }),
  row('seedream-4', { promptExpansion: true }),
  row('seedream-4', { sync: true }),
  row('seedream-4', { responseFormat: 'base64' }),
  row('seedream-5-lite', { outputFormat: 'jpeg' }),
  row('seedream-4', { outputFormat: 'webp' }),
  row('seedream-3', { providerOptions: { apiframe: { guidance_scale: 4 }, wavespeed: { guidance_scale: 4 } } }),
  row('flux-2-pro', { size: '1024*768' }),
  row('nano-banana-pro', { aspectRatio: '21:9', resolution: '4K' }),
  row('flux-2-pro', { images: [picture], seed: 7 }),
  row('ideogram-v3-turbo', { images: [picture], mask: picture }),
  row('seedream-4', { webhookUrl: 'https://example.com/done' }),
];

export const hostsTable = (): Promise<string> => render(first);
export const requestTable = (): Promise<string> => render(all);

async function render(rows: readonly Row[]): Promise<string> {
  const cells = rows.map(async ({ model, options }) => [
    `${code(model)}${Object.keys(options).length ? `<br>${code(show(options))}` : ''}`,
    await ask(apiframe, model, options),
    await ask(wavespeed, model, options),
  ]);
  return table(['the call', 'Apiframe gets', 'WaveSpeedAI gets'], await Promise.all(cells));
}

async function ask(provider: Provider, model: string, options: Row['options']): Promise<string> {
  const checks = await checkImage({ model: provider(model), prompt, ...options });
  return checks.map(describe).join('');
}

function describe({ request, error, adaptations }: ImageCheck): string {
  if (!request) return plain(`refused: ${error?.message.replace(/^\S+ /, '')}`);
  const notes = adaptations.map(({ option, reason }) => `${code(option)}: ${plain(reason)}`);
  return [code(`${request.method} ${request.path}`), code(JSON.stringify(request.body)), ...notes].join('<br>');
}

/** Options as they are written in a program. */
const show = (options: object): string =>
  JSON.stringify(options, null, 1)
    .replace(/\s+/g, ' ')
    .replace(/"(\w+)":/g, '$1:')
    .replaceAll('"', "'");
