import { apiframeAdapter } from '@imageport/apiframe';
import type { Adapter, Cost, Family, Geometry, ModelRow } from '@imageport/core';
import { describeField } from '@imageport/core/catalogue';
import { wavespeedAdapter } from '@imageport/wavespeed';
import { code, plain, table } from './table.ts';

/** One table of portable ids, then one of every model per host, from the adapters' own tables. */
export function modelTables(): string {
  return [portable(), ...[apiframeAdapter, wavespeedAdapter].map(oneHost)].join('\n\n');
}

function portable(): string {
  const rows = portableIds().map((id) => [code(id), namesAt(apiframeAdapter, id), namesAt(wavespeedAdapter, id)]);
  return `## Portable ids\n\n${table(['portable id', 'Apiframe', 'WaveSpeedAI'], rows)}`;
}

/** Ids that both hosts know. */
export function portableIds(): string[] {
  const ids = (adapter: Adapter) => adapter.families.flatMap(({ models }) => models.flatMap((row) => row.ids));
  const there = new Set(ids(wavespeedAdapter));
  return [...new Set(ids(apiframeAdapter))].filter((id) => there.has(id)).sort();
}

function namesAt({ families }: Adapter, id: string): string {
  const found = families.flatMap(({ accepts, models }) =>
    models
      .filter(({ ids }) => ids.includes(id))
      .map(({ native }) => code(native) + (accepts.images?.min ? ' with reference pictures' : '')),
  );
  return found.join('<br>');
}

const titles: Readonly<Record<string, string>> = { apiframe: 'Apiframe', wavespeed: 'WaveSpeedAI' };

function oneHost({ name, families }: Adapter): string {
  const head = ['native id', 'pixels', 'names of sizes', 'reference pictures', 'options', 'prompt', 'a picture'];
  const rows = families.flatMap((family) => family.models.map((row) => describeModel(family, row)));
  const fields = families.map(describeFields).join('\n');
  return `## ${titles[name] ?? name}\n\n${table(head, rows)}\n\n### Native fields\n\n${fields}`;
}

function describeModel({ accepts, maxPrompt }: Family, row: ModelRow): string[] {
  const { geometry = {}, images } = accepts;
  const options = [
    accepts.seed && 'seed',
    accepts.promptExpansion && 'promptExpansion',
    accepts.sync && 'sync',
    accepts.base64 && 'responseFormat',
    accepts.outputFormats && `outputFormat ${accepts.outputFormats.join(', ')}`,
  ];
  return [
    code(row.native),
    pixels(geometry),
    names(geometry),
    images ? `${images.min === images.max ? images.max : `${images.min} to ${images.max}`}` : '',
    options.filter(Boolean).join(', '),
    maxPrompt === undefined ? '' : `${maxPrompt} characters`,
    price(row),
  ];
}

function pixels({ pixels, known = {} }: Geometry): string {
  if (!pixels)
    return Object.values(known)
      .flatMap((all) => Object.values(all).map((side) => plain(side.join('*'))))
      .join(', ');
  const { min, max, minArea, maxArea } = pixels;
  return `${min} to ${max} a side${minArea && maxArea ? `, ${minArea} to ${maxArea} in all` : ''}`;
}

function names({ ratios, resolutions = [], area }: Geometry): string {
  const ratio =
    ratios === 'any' ? 'any ratio' : ratios ? `${ratios.length} ratios` : area ? 'any ratio, as pixels' : '';
  return [ratio, resolutions.join(', ')].filter(Boolean).join('; ');
}

function price({ price }: ModelRow): string {
  if (typeof price !== 'function') return money(price);
  const [plain, at2K, six] = [price({}, ''), price({ resolution: '2k' }, ''), price({ max_images: 6 }, '')];
  if (at2K.amount !== plain.amount) return `${money(plain)}; 2K ${money(at2K)}`;
  return six.amount === plain.amount ? money(plain) : `${money(plain)} each of \`max_images\``;
}

const money = (cost: Cost | undefined): string =>
  cost?.amount === undefined
    ? 'not listed'
    : `${cost.amount} ${cost.currency === 'credit' ? 'credits' : cost.currency}`;

function describeFields({ fields, models }: Family): string {
  const all = Object.entries(fields).map(([name, spec]) => {
    const byDefault = 'default' in spec && spec.default !== undefined ? `, default ${spec.default}` : '';
    return `  - ${code(name)}: ${plain(describeField(spec) + byDefault)}`;
  });
  return `- ${models.map(({ native }) => code(native)).join(', ')}\n${all.join('\n')}`;
}
