import { Refusal } from './refusal.ts';

export type RouteName = 'generations' | 'edits' | 'models' | 'model' | 'file' | 'health';

interface Route {
  readonly name: RouteName;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** No key is asked for: nothing can be spent, and who knows the address may see the picture. */
  readonly isOpen?: true;
}

const routes: readonly Route[] = [
  { name: 'generations', method: 'POST', path: /^\/v1\/images\/generations$/ },
  { name: 'edits', method: 'POST', path: /^\/v1\/images\/edits$/ },
  { name: 'models', method: 'GET', path: /^\/v1\/models$/ },
  { name: 'model', method: 'GET', path: /^\/v1\/models\/(.+)$/ },
  { name: 'file', method: 'GET', path: /^\/v1\/images\/files\/([^/]+)$/, isOpen: true },
  { name: 'health', method: 'GET', path: /^\/healthz$/, isOpen: true },
];

/** The route of a request, with what its path names, decoded. Throws a `Refusal`. */
export function matchRoute(request: Request): Pick<Route, 'name' | 'isOpen'> & { readonly params: readonly string[] } {
  const { pathname } = new URL(request.url);
  const found = routes.find(({ path }) => path.test(pathname));
  if (!found)
    throw new Refusal('unknown_url', 'there is nothing at this address; images are at /v1/images/generations');
  if (found.method !== request.method) throw new Refusal('method_not_allowed', `this address takes ${found.method}`);
  const [, ...params] = found.path.exec(pathname) ?? [];
  return { ...found, params: params.map(decode) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal('unknown_url', 'the address is not encoded as it should be');
  }
}
