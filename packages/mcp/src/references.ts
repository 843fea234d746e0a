import type { ReferenceImage } from '@imageport/core';
import { parseLink } from './links.ts';
import { readOwnFile } from './node/own-files.ts';
import type { Pictures } from './node/pictures.ts';
import { invalid } from './options.ts';

export interface Places {
  readonly pictures: Pictures;
  /** The folder whose pictures may be given by name. */
  readonly files?: string | undefined;
}

/**
 * What `edit_image` was given, as core takes it: https addresses and data URLs as they are, links to saved pictures and names inside
 * `files` as bytes. Everything else is refused: a model must not read this machine. Throws `invalid_request`.
 */
export async function toReference(given: string, { pictures, files }: Places): Promise<ReferenceImage> {
  if (/^(https:\/\/|data:image\/)/i.test(given)) return given;
  const link = parseLink(given);
  if (link) {
    const found = await pictures.read(link.intentId, link.number);
    if (found) return found.bytes;
    throw invalid(`\`images\`: there is no picture ${given.slice(0, 200)} here`);
  }
  if (/^[a-z][a-z\d+.-]*:/i.test(given)) {
    throw invalid('`images` takes https addresses, data URLs, imageport:// links and names of files, and nothing else');
  }
  if (files === undefined) {
    throw invalid('`images`: this server reads no files; give an https address, a data URL or an imageport:// link');
  }
  return readOwnFile(files, given);
}
