import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import type { Door } from './door.ts';
import { linkTemplate, parseLink } from './links.ts';
import { toBase64 } from './made.ts';

/** Lets clients read saved pictures by their links, and nothing else. */
export function registerPictures(server: McpServer, { pictures }: Door): void {
  // What there is was told to who paid for it: it is not listed.
  const template = new ResourceTemplate(linkTemplate, { list: undefined });
  const config = { title: 'Saved picture', description: 'A picture that one of the tools has saved.' };
  server.registerResource('picture', template, config, async (uri) => {
    const link = parseLink(uri.href);
    const found = link && (await pictures.read(link.intentId, link.number));
    if (!found) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType: found.mediaType, blob: toBase64(found.bytes) }] };
  });
}
