import * as v from 'valibot';
import { ImageError } from './errors/image-error.ts';
import { invalid } from './errors/invalid.ts';
import type { ImageModel, Provider } from './host/provider.ts';

/** Names for models and routes: `{ "models": { "hero": ["wavespeed:seedream-4", "apiframe:seedream-4"] } }`. */
export interface RegistryConfig {
  /** By name: "provider:model", or a list of them, which is a route. @default none */
  readonly models?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** Turns a name of the config, or "provider:model", into a route for `generateImage`. */
export type Registry = (name: string) => readonly [ImageModel, ...ImageModel[]];

const reference = v.pipe(v.string(), v.regex(/^[\w-]+:.+$/, '"provider:model"'));
const schema = v.strictObject({
  models: v.optional(
    v.pipe(
      v.custom<object>((value) => !Array.isArray(value), 'an object of names'),
      v.record(
        v.string(),
        v.union([reference, v.tupleWithRest([reference], reference)], '"provider:model" or a list of them'),
      ),
    ),
    {},
  ),
});

/** Reads a config, checks that every model names one of the providers, and answers names with routes. */
export function createRegistry(config: RegistryConfig, providers: readonly Provider[]): Registry {
  if (!Array.isArray(providers) || !providers.every(isProvider)) {
    throw invalid('`providers` must be a list of providers, such as [wavespeed, apiframe]');
  }
  const result = v.safeParse(schema, config, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`config: \`${v.getDotPath(issue) ?? 'config'}\` must be ${expectation(issue)}`);
  }
  const routes = new Map<string, readonly [ImageModel, ...ImageModel[]]>();
  for (const [name, value] of Object.entries(result.output.models)) {
    const names = typeof value === 'string' ? [value] : value;
    const [first, ...others] = names.map((each, index) => {
      const path = typeof value === 'string' ? `models.${name}` : `models.${name}.${index}`;
      return findProvider(each, providers, `config: \`${path}\` names `);
    });
    if (first) routes.set(name, [first, ...others]);
  }
  return (name) => {
    if (typeof name !== 'string')
      throw invalid('the name of a model must be text, such as "draft" or "wavespeed:seedream-4"');
    const route = routes.get(name);
    if (route) return route;
    if (name.includes(':')) return [findProvider(name, providers, 'There is no ')];
    const known = [...routes.keys()].join(', ') || 'none';
    throw notFound(
      `There is no model named "${name}" in the config (it has: ${known}); write "provider:model" for any other`,
    );
  };
}

const isProvider = (value: unknown): boolean => typeof value === 'function' && 'adapter' in value;

function findProvider(reference: string, providers: readonly Provider[], prefix: string): ImageModel {
  const colon = reference.indexOf(':');
  const [name, modelId] = [reference.slice(0, colon), reference.slice(colon + 1)];
  const provider = providers.find((each) => each.adapter.name === name);
  if (provider) return provider(modelId);
  const known = providers.map(({ adapter }) => adapter.name).join(', ') || 'none';
  throw notFound(`${prefix}provider "${name}"; the providers at hand are ${known}`);
}

const notFound = (message: string): ImageError =>
  new ImageError({ code: 'not_found', message, billed: 'no', stage: 'prepare' });

function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object') return issue.expected === 'never' ? 'left out: it is no setting' : 'an object';
  return ['union', 'regex', 'custom'].includes(issue.type) ? issue.message : `${issue.expected}, not ${issue.received}`;
}
