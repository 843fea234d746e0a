import {
  type Accepts,
  type Cost,
  checkImage,
  type ImageModel,
  type OutputFormat,
  type Registry,
  type Resolution,
} from '@imageport/core';
import { findModel, loadCatalogues, resolutions } from '@imageport/core/catalogue';

/** What one model of a route does with a prompt, or with pictures. */
export interface Ability {
  readonly accepts: Accepts;
  readonly maxPrompt: number | undefined;
}

/** One model of a route. */
export interface HostModel {
  readonly provider: string;
  readonly model: string;
  /** From a prompt alone. */
  readonly makes: Ability | undefined;
  /** From pictures. */
  readonly edits: Ability | undefined;
  /** Of one picture with nothing but a prompt, or with one picture where the model needs it. */
  readonly price: Cost;
  /** Why it cannot be asked. */
  readonly problem?: string;
}

/** A name that callers may choose. */
export interface NamedModel {
  readonly name: string;
  readonly route: readonly ImageModel[];
  readonly hosts: readonly HostModel[];
}

/** Reads in the tables of the hosts what the named models take and cost. Sends nothing, unless a provider's catalogue asks its host. */
export const describeModels = (registry: Registry, names: readonly string[]): Promise<NamedModel[]> =>
  Promise.all(
    names.map(async (name) => {
      const route = registry(name);
      await loadCatalogues(route);
      return { name, route, hosts: await Promise.all(route.map(describeModel)) };
    }),
  );

const anyPicture = 'https://example.com/a.png';

async function describeModel(model: ImageModel): Promise<HostModel> {
  const names = { provider: model.provider.adapter.name, model: model.modelId };
  try {
    const [makes, edits] = [abilityOf(model, []), abilityOf(model, [anyPicture])];
    const images = makes ? [] : [anyPicture];
    const [check] = await checkImage({ model, prompt: 'a picture', images });
    return { ...names, makes, edits, price: check?.price ?? { source: 'unknown' } };
  } catch (error) {
    return { ...names, makes: undefined, edits: undefined, price: { source: 'unknown' }, problem: String(error) };
  }
}

/** What answers to the id with so many pictures, unless it takes fewer or wants more. */
function abilityOf({ provider, modelId }: ImageModel, images: readonly string[]): Ability | undefined {
  const { accepts, maxPrompt } = findModel(provider.adapter, modelId, { images }).family;
  const { min, max } = accepts.images ?? { min: 0, max: 0 };
  const isAble = images.length === 0 ? min === 0 : max > 0;
  return isAble ? { accepts, maxPrompt } : undefined;
}

/** What at least one of several models takes: a list of values, or any of the form. */
export interface Takes {
  readonly sizes: 'any' | readonly string[];
  readonly ratios: 'any' | readonly string[];
  readonly resolutions: readonly Resolution[];
  readonly formats: readonly OutputFormat[];
  readonly seed: boolean;
  /** How many pictures at most. */
  readonly images: number;
  /** Characters, where all models have a limit. */
  readonly maxPrompt: number | undefined;
}

/** More than any host documents. */
const mostImages = 16;

/** The union of what models take: what a route's first model refuses, its second may do. */
export function unionOf(abilities: readonly Ability[]): Takes {
  const accepts = abilities.map((each) => each.accepts);
  const limits = abilities.map((each) => each.maxPrompt);
  const most = Math.max(0, ...accepts.map(({ images }) => images?.max ?? 0));
  return {
    sizes: join(accepts.map(sizesOf)),
    ratios: join(accepts.map(ratiosOf)),
    resolutions: resolutions.filter((each) => accepts.some((one) => resolutionsOf(one).includes(each))),
    formats: [...new Set(accepts.flatMap(({ outputFormats = [] }) => outputFormats))],
    seed: accepts.some(({ seed }) => seed === true),
    images: Math.min(most, mostImages),
    maxPrompt: limits.length > 0 && limits.every((each) => each !== undefined) ? Math.max(...limits) : undefined,
  };
}

const join = (lists: readonly ('any' | readonly string[])[]): 'any' | readonly string[] =>
  lists.includes('any') ? 'any' : [...new Set(lists.flat())];

function sizesOf({ geometry = {} }: Accepts): 'any' | readonly string[] {
  const { pixels, sizes = [], known = {} } = geometry;
  if (pixels) return 'any';
  const named = Object.values(known).flatMap((ratios) => Object.values(ratios ?? {}));
  return [...sizes, ...named.map(([width, height]) => `${width}*${height}`)].map((size) => size.replace('*', 'x'));
}

/** A model that takes pixels or listed sizes is given a ratio as such. */
function ratiosOf({ geometry = {} }: Accepts): 'any' | readonly string[] {
  const { ratios, resolutions: named, pixels, sizes } = geometry;
  if (ratios) return ratios;
  return !named && (pixels || sizes) ? 'any' : [];
}

function resolutionsOf({ geometry = {} }: Accepts): readonly Resolution[] {
  const { ratios, resolutions: named, pixels, sizes } = geometry;
  if (named) return named;
  return !ratios && (pixels || sizes) ? resolutions : [];
}
