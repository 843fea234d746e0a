import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpHttpHandler,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import type { Settings } from './options.ts';

/**
 * Guards a handler: a foreign `Host` (a name that was bent to this machine) and a foreign `Origin` (a page of another site) are
 * refused, then who has no key where keys are asked for. The name of the key goes on as `clientId`.
 */
export function guard({ keys, hosts, origins }: Settings, serve: McpHttpHandler['fetch']) {
  const hostnames = [...(hosts ?? localhostAllowedHostnames())];
  const sites = [...(origins ?? localhostAllowedOrigins())];
  return async (request: Request): Promise<Response> => {
    const refused = hostHeaderValidationResponse(request, hostnames) ?? originValidationResponse(request, sites);
    if (refused) return refused;
    if (!keys) return serve(request);
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    const clientId = key === undefined ? undefined : await keys(key);
    if (clientId === undefined) return unauthorized(key === undefined);
    return serve(request, { authInfo: { token: '', clientId, scopes: [] } });
  };
}

function unauthorized(isMissing: boolean): Response {
  const message = isMissing
    ? 'A key is needed: send it as `Authorization: Bearer …`'
    : 'This key is not known; check the `Authorization` header';
  const body = { jsonrpc: '2.0', error: { code: -32_001, message }, id: null };
  return Response.json(body, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
}
