import type { Adapter } from '../contract/adapter.ts';
import type { ImageRequest } from '../contract/request.ts';
import { ImageError } from '../errors/image-error.ts';
import { familiesOf } from './catalogue.ts';
import { nearTo } from './near.ts';
import { type FoundModel, rowsOf } from './rows-of.ts';

export type { FoundModel } from './rows-of.ts';

/** What decides between the models that answer to one id. */
export type Asking = Pick<ImageRequest, 'images' | 'mask' | 'task' | 'unchecked'>;

/** The row of an id. One portable id can have several: what is to be done decides, then reference pictures and a mask. */
export function findModel(adapter: Adapter, modelId: string, asking: Asking): FoundModel {
  const { task = 'generate', images } = asking;
  const answering = rowsOf(familiesOf(adapter), modelId);
  const able = answering.filter(({ family }) => (family.task ?? 'generate') === task);
  const [first] = able;
  if (first) {
    const fits = ({ family: { accepts } }: FoundModel): boolean =>
      images.length > 0 ? accepts.images !== undefined : !accepts.images?.min;
    const masked = asking.mask === undefined ? [] : able.filter(({ family }) => family.accepts.mask);
    return masked.find(fits) ?? able.find(fits) ?? first;
  }
  if (answering[0]) throw refusal(adapter, modelId, 'unsupported', wrongTask(task, answering));
  if (adapter.isNativeId(modelId) && (!adapter.catalogue || asking.unchecked)) {
    if (task !== 'generate') throw refusal(adapter, modelId, 'unsupported', untold(task));
    return { family: adapter.generic, row: { ids: [], native: modelId } };
  }
  throw refusal(adapter, modelId, 'not_found', unknown(adapter, modelId));
}

/** The functions that do what a family does, as a caller knows them. */
const verbs = {
  ...{ generate: 'generateImage', upscale: 'upscaleImage', vary: 'varyImage' },
  'remove-background': 'removeBackground',
};

function wrongTask(task: keyof typeof verbs, found: readonly FoundModel[]): string {
  const able = new Set(found.map(({ family }) => verbs[family.task ?? 'generate']));
  return `is no model for ${verbs[task]}; it is one for ${[...able].join(' and ')}`;
}

const untold = (task: keyof typeof verbs): string =>
  `is in no table, so how it is asked by ${verbs[task]} is not known; generateImage sends it what \`providerOptions\` say`;

function unknown(adapter: Adapter, modelId: string): string {
  const rows = familiesOf(adapter).flatMap(({ models }) => models);
  const ids = [...rows.flatMap((row) => row.ids), ...rows.map(({ native }) => native)];
  const near = nearTo(modelId, ids);
  const has =
    near.length > 0 ? `the nearest are ${near.join(', ')}` : `it has ${[...new Set(ids)].slice(0, 12).join(', ')}`;
  const way = adapter.catalogue && adapter.isNativeId(modelId) ? '; `unchecked: true` asks for it all the same' : '';
  const doubt = adapter.catalogue?.doubt?.();
  return `is not a model that is known; ${has}${way}${doubt === undefined ? '' : `. ${doubt}`}`;
}

function refusal(adapter: Adapter, modelId: string, code: 'not_found' | 'unsupported', problem: string): ImageError {
  return new ImageError({
    ...{ code, billed: 'no', stage: 'prepare', provider: adapter.name, model: modelId },
    message: `${adapter.name}:${modelId} ${problem}`,
  });
}
