import { NoSuchModelError } from '@ai-sdk/provider';
import {
  type CallOptions,
  createMemoryLedger,
  ImageError,
  type Ledger,
  type Registry,
  type RouteOption,
} from '@imageport/core';
import { createIntentBook, type IntentBook } from '@imageport/core/book';
import { createImageModel, type ImageModelOf, type Version } from './image-model.ts';
import { refused } from './refused.ts';

/** Where names lead: a registry, which knows `host:model` too, or the routes themselves. */
type Models =
  | { readonly registry: Registry; readonly models?: never }
  | { readonly models: Readonly<Record<string, RouteOption>>; readonly registry?: never };

/** How calls behave, for those that say nothing else. */
type Defaults = Partial<Omit<CallOptions, 'model' | 'signal' | 'intentId' | 'ledger'>>;

export type ImageportOptions = Models &
  Defaults & {
    /** Where intents and paid jobs are written; `createFileLedger(path)` survives a crash. @default a memory ledger of this provider */
    readonly ledger?: Ledger | undefined;
    /** Which intent a call is. It needs the same `ledger` beside it. @default `createIntentBook({ ledger })` */
    readonly book?: IntentBook | undefined;
    /** Whose calls these are: calls of different scopes never get each other's pictures. @default 'ai-sdk' */
    readonly scope?: string | undefined;
  };

/** What the models of one provider share. */
export interface Shared {
  readonly ledger: Ledger;
  readonly book: IntentBook;
  readonly scope: string;
  readonly defaults: Defaults;
}

/** A provider as both versions of the AI SDK have it. */
interface ProviderOf<V extends Version> {
  (modelId: string): ImageModelOf<V>;
  readonly specificationVersion: V;
  image(modelId: string): ImageModelOf<V>;
  imageModel(modelId: string): ImageModelOf<V>;
  languageModel(modelId: string): never;
  embeddingModel(modelId: string): never;
}

export function openProvider<V extends Version>(options: ImageportOptions, version: V): ProviderOf<V> {
  const { registry, models, ledger = createMemoryLedger(), book, scope = 'ai-sdk', ...defaults } = options;
  // Which intent is open stands in the ledger: a book of another one would not know what is paid.
  if (book && !options.ledger) throw refused('`book` needs the `ledger` that it was made with beside it');
  if ((registry === undefined) === (models === undefined))
    throw refused(
      'give either `registry`, of createRegistry(), or `models`, such as { hero: wavespeed("seedream-4") }',
    );
  const find = registry ?? ((name: string) => findRoute(models ?? {}, name));
  const shared: Shared = { ledger, book: book ?? createIntentBook({ ledger }), scope, defaults };
  const imageModel = (modelId: string) => createImageModel(shared, { modelId, route: routeOf(find, modelId), version });
  const other = (modelType: 'languageModel' | 'embeddingModel') => (modelId: string) => {
    throw new NoSuchModelError({ modelId, modelType });
  };
  return Object.assign((modelId: string) => imageModel(modelId), {
    ...{ specificationVersion: version, imageModel, image: imageModel },
    languageModel: other('languageModel'),
    embeddingModel: other('embeddingModel'),
  });
}

function findRoute(models: Readonly<Record<string, RouteOption>>, name: string): RouteOption {
  const route = Object.hasOwn(models, name) ? models[name] : undefined;
  if (route) return route;
  const known = Object.keys(models).join(', ') || 'none';
  throw refused(`There is no model named "${name}" among \`models\` (there are: ${known})`, 'not_found');
}

function routeOf(find: (name: string) => RouteOption, modelId: string): RouteOption {
  try {
    return find(modelId);
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    throw new NoSuchModelError({ modelId, modelType: 'imageModel', message: error.message });
  }
}
