import type { ImageRequest } from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import type { ImageModel, Provider, RouteModel } from '../host/provider.ts';
import { generating, type Reader, type RequestOptions } from './options.ts';

/** A model of a route together with the options that it overrides. */
export interface RouteTarget extends Partial<RequestOptions> {
  /** The model that the other options are for. */
  readonly model: ImageModel;
  /** Of `upscaleImage` only: the factor that this model takes. */
  readonly scale?: number | undefined;
}

/** Where a call may go: one model, or several in order, each with its own differences where it needs them. */
export type RouteOption = ImageModel | RouteTarget | RouteList;

/**
 * A list that can hold something. As a property and not as a method, `indexOf` is compared strictly: so `[]`, a list of `never`, does
 * not compile, and a list that is computed at run time does.
 */
interface RouteList extends ReadonlyArray<ImageModel | RouteTarget> {
  // biome-ignore lint/suspicious/noExplicitAny: it fits every type but never
  readonly indexOf: (model: any) => number;
}

export type Route = readonly [RouteModel, ...RouteModel[]];

/** Normalises `model`. Throws `invalid_request`. */
export function parseRoute(model: unknown, reader: Reader = generating): Route {
  const given: readonly unknown[] = Array.isArray(model) ? model : [model];
  if (given.length === 1 && isModel(given[0])) return alone(given[0]);
  const [first, ...others] = numberAccounts(given.map((each) => (isModel(each) ? each : parseTarget(each, reader))));
  if (first) return [first, ...others];
  throw notARoute();
}

/** One route for a model, however many calls name it: every job that waits holds one. */
const routes = new WeakMap<RouteModel, Route>();

function alone(model: RouteModel): Route {
  const known = routes.get(model);
  if (known) return known;
  const route = [model] as const;
  routes.set(model, route);
  return route;
}

/** Several accounts at one host are told apart by their order: a job is known to the account that submitted it. */
function numberAccounts(route: readonly RouteModel[]): readonly RouteModel[] {
  if (route.length < 2) return route;
  return route.map((model) => {
    const account = model.account ?? accountsAt(route, model.provider.adapter.name).indexOf(model.provider);
    return account > 0 ? { ...model, account } : model;
  });
}

/** The accounts at one host, in the order of the models. */
export const accountsAt = (models: readonly ImageModel[], provider: string): Provider[] => [
  ...new Set(models.flatMap((each) => (each.provider.adapter.name === provider ? [each.provider] : []))),
];

const notARoute = () =>
  invalid("`model` must be a model such as wavespeed('seedream-4'), or a list of models with at least one");

function parseTarget(given: unknown, reader: Reader): RouteModel {
  if (typeof given !== 'object' || given === null || !('model' in given) || !isModel(given.model)) throw notARoute();
  const { model, ...options } = given as RouteTarget;
  const request = reader.part(options);
  const names = Object.keys(options);
  const overrides = Object.fromEntries(Object.entries(request).filter(([name]) => names.includes(name)));
  return { ...model, overrides };
}

/** Checks `models` of a call that finishes what was begun, and what its pictures are handed to. */
export function checkModels(models: unknown, deliver: unknown): readonly [ImageModel, ...ImageModel[]] {
  const [first, ...others]: unknown[] = Array.isArray(models) ? models : [];
  if (!isModel(first) || !others.every(isModel)) {
    throw invalid("`models` must be a list of models such as [wavespeed('seedream-4')], with at least one");
  }
  if (deliver !== undefined && typeof deliver !== 'function') throw invalid('`deliver` must be a function');
  return [first, ...others];
}

/** The route of picture `index`: a seed of a model's own counts on with the pictures, as the seed of the call does. */
export function routeAt(route: Route, index: number): Route {
  if (index === 0) return route;
  const [first, ...others] = route;
  const at = (model: RouteModel): RouteModel => {
    const { overrides } = model;
    return overrides?.seed === undefined
      ? model
      : { ...model, overrides: { ...overrides, seed: overrides.seed + index } };
  };
  return [at(first), ...others.map(at)];
}

const extents = ['size', 'aspectRatio', 'resolution', 'scale'];

/** The request as it stands for one model of the route. An extent of its own replaces the extent of the call. */
export function requestAt(request: ImageRequest, overrides: Partial<ImageRequest> | undefined): ImageRequest {
  if (!overrides || Object.keys(overrides).length === 0) return request;
  const resized = extents.some((name) => name in overrides);
  const base = resized
    ? Object.fromEntries(Object.entries(request).filter(([name]) => !extents.includes(name)))
    : request;
  const providerOptions = { ...request.providerOptions };
  for (const [name, fields] of Object.entries(overrides.providerOptions ?? {})) {
    providerOptions[name] = { ...providerOptions[name], ...fields };
  }
  return { ...(base as unknown as ImageRequest), ...overrides, providerOptions };
}

export function isModel(value: unknown): value is ImageModel {
  if (typeof value !== 'object' || value === null || !('provider' in value) || !('modelId' in value)) return false;
  return typeof value.provider === 'function' && '~account' in value.provider && typeof value.modelId === 'string';
}
