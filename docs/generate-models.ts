import { apiframeAdapter } from '@imageport/apiframe';
import type { Adapter, Family, Geometry, ModelRow } from '@imageport/core';
import { loadCatalogue, priceRange } from '@imageport/core/catalogue';
import { wavespeedAdapter } from '@imageport/wavespeed';
import { code, plain, table } from './table.ts';

interface Model {
  readonly family: Family;
  readonly row: ModelRow;
}

const modelsOf = async (adapter: Adapter): Promise<Model[]> =>
  (await loadCatalogue(adapter)).flatMap((family) => family.models.map((row) => ({ family, row })));

/** The ids that both hosts know: what each charges, and what it can be asked for there. */
export async function portableTable(): Promise<string> {
  const [there, here] = await Promise.all([modelsOf(apiframeAdapter), modelsOf(wavespeedAdapter)]);
  const known = new Set(here.flatMap(({ row }) => row.ids));
  const ids = [...new Set(there.flatMap(({ row }) => row.ids))].filter((id) => known.has(id)).sort(byName);
  const rows = ids.map((id) => {
    const [apiframe, wavespeed] = [there, here].map((models) =>
      models.filter(({ row }) => row.ids.includes(id)).sort(plainFirst),
    );
    return [code(id), describeAll(apiframe ?? []), describeAll(wavespeed ?? [])];
  });
  return table(['portable id', 'at Apiframe', 'at WaveSpeedAI'], rows);
}

/** The variant that needs no reference picture says what the model is. */
const plainFirst = (a: Model, b: Model): number =>
  (a.family.accepts.images?.min ?? 0) - (b.family.accepts.images?.min ?? 0);

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** A variant for reference pictures is the same model: what it can do beyond the other is said once. */
function describeAll(models: readonly Model[]): string {
  const [first] = models;
  if (!first) return '';
  const gone = models.every(({ row }) => row.gone) ? [`no longer listed (last on ${first.row.gone?.seen})`] : [];
  const pictures = models.flatMap(({ family }) => family.accepts.images ?? []);
  const most = Math.max(0, ...pictures.map(({ max, onlyMasked }) => (onlyMasked ? 0 : max)));
  const masked = most === 0 && pictures.some(({ onlyMasked }) => onlyMasked) ? ['a picture to be masked'] : [];
  const references = most === 0 ? [] : [most === 1 ? '1 reference' : `${upTo(most)} references`];
  const { geometry = {}, seed } = first.family.accepts;
  const facts = [
    price(first.row, first.family),
    sizes(geometry),
    ...references,
    ...masked,
    ...(seed ? ['seed'] : []),
    ...gone,
  ];
  return facts.filter(Boolean).join('; ');
}

const upTo = (most: number): string => (most === Infinity ? 'any number of' : `up to ${most}`);

const titles = { apiframe: apiframeAdapter, wavespeed: wavespeedAdapter };

/** Every model of one host, a line each. */
export async function hostTable(name: keyof typeof titles): Promise<string> {
  const models = await modelsOf(titles[name]);
  const head = ['native id', 'portable id', 'price', 'sizes', 'references', 'takes'];
  const rows = models
    .filter(({ row }) => !row.gone)
    .map((model) => describeModel(model))
    .sort(([a = ''], [b = '']) => byName(a, b));
  const gone = models.filter(({ row }) => row.gone);
  const dropped = gone.map(({ row }) => `${code(row.native)} (${row.gone?.seen})`).sort(byName);
  const last =
    gone.length === 0
      ? ''
      : `\n\nNo longer in the host's list, with the last day it was seen there: ${dropped.join(', ')}.`;
  return `${table(head, rows)}${last}`;
}

function describeModel({ family, row }: Model): string[] {
  const { accepts, task, partly, untold } = family;
  const { images, geometry = {} } = accepts;
  const most = images?.max === Infinity ? 'any number' : `${images?.max}`;
  const takes = [
    task !== undefined && task !== 'generate' && task,
    accepts.prompt === 'none' && 'no prompt',
    accepts.mask && 'mask',
    accepts.seed && 'seed',
    accepts.promptExpansion && 'promptExpansion',
    accepts.outputFormats?.join(' '),
    accepts.scales && `${accepts.scales.join(', ')} times`,
    partly && (untold ? 'only with `unchecked`' : 'not all is known'),
  ];
  return [
    code(row.native),
    row.ids
      .filter((id) => id !== row.native)
      .map(code)
      .join(' '),
    price(row, family),
    sizes(geometry),
    images
      ? `${images.min === images.max ? most : `${images.min} to ${most}`}${images.onlyMasked ? ', with a mask' : ''}`
      : '',
    takes.filter(Boolean).join(', '),
  ];
}

function sizes({ pixels, sizes: listed, ratios, resolutions = [], area }: Geometry): string {
  const sides = pixels && (pixels.max === undefined ? 'any pixels' : `${pixels.min ?? 1} to ${pixels.max} px`);
  const few = listed && plain(listed.join(' '));
  const ratio = ratios === 'any' || (!ratios && area) ? 'any ratio' : ratios && `${ratios.length} ratios`;
  return [sides, few, ratio, resolutions.join(' ')].filter(Boolean).join('; ');
}

/** The least that one job costs; "from" where fields make it dearer, or may. */
function price(row: ModelRow, family: Family): string {
  const range = priceRange(row, family);
  if (!range) return 'not known';
  const { least, most, but } = range;
  const amount = `${least.amount} ${least.currency === 'credit' ? 'credits' : least.currency}`;
  // What others cost is not known, so that it need not be more.
  if (but === 'unknown') return `${amount}, or not known`;
  return least.amount === most.amount && !but ? amount : `from ${amount}`;
}
