import type { ImageModel, Registry } from '@imageport/core';
import { ImageError } from '@imageport/core';
import type { GatewayKey } from './keys.ts';
import { Refusal } from './refusal.ts';
import type { GatewaySettings } from './settings.ts';

type Names = Pick<GatewaySettings, 'models' | 'aliases' | 'defaultModel'>;

/** A model that was asked for. */
export interface Chosen {
  /** Its name in the gateway, aliases resolved. */
  readonly name: string;
  readonly route: readonly [ImageModel, ...ImageModel[]];
}

/** Finds what a request names. Throws a `Refusal`. */
export function chooseModel(asked: unknown, settings: Names, registry: Registry, key: GatewayKey): Chosen {
  const { defaultModel } = settings;
  const given = asked ?? defaultModel;
  if (given === undefined) throw new Refusal('missing_required_parameter', '`model` is missing', { param: 'model' });
  if (typeof given !== 'string') throw new Refusal('invalid_value', '`model` must be text', { param: 'model' });
  const name = resolve(given, settings);
  if (isAllowed(name, settings.models) && mayAsk(key, given, name)) {
    const route = find(name, registry);
    if (route) return { name, route };
  }
  throw noSuchModel();
}

/** The same words whether it is not there or not for this key. */
const noSuchModel = (): Refusal =>
  new Refusal('model_not_found', 'there is no such model here for this key; `GET /v1/models` lists what there is', {
    param: 'model',
  });

function find(name: string, registry: Registry): Chosen['route'] | undefined {
  try {
    return registry(name);
  } catch (error) {
    if (ImageError.is(error)) return undefined;
    throw error;
  }
}

const resolve = (name: string, { aliases = {} }: Names): string =>
  Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;

export const isAllowed = (name: string, list: readonly string[]): boolean =>
  list.some((each) => each === name || (each.endsWith(':*') && name.startsWith(each.slice(0, -1))));

const mayAsk = ({ models }: GatewayKey, given: string, name: string): boolean =>
  models === undefined || isAllowed(given, models) || isAllowed(name, models);

/** One model as `GET /v1/models` shows it. */
export interface ListedName {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** What a key may ask for, aliases included. */
export function listModels(settings: Names, key: GatewayKey): ListedName[] {
  const names = [...settings.models.filter((name) => !name.endsWith(':*')), ...Object.keys(settings.aliases ?? {})];
  return [...new Set(names)]
    .filter((name) => isAllowed(resolve(name, settings), settings.models) && mayAsk(key, name, resolve(name, settings)))
    .map(toListed);
}

export const toListed = (id: string): ListedName => ({ id, object: 'model', created: 0, owned_by: 'imageport' });
