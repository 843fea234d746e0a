import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import * as v from 'valibot';
import type { CachedList, CatalogueCache } from '../live/live-catalogue.ts';

const schema = v.object({
  baseUrl: v.string(),
  readAt: v.pipe(v.number(), v.finite()),
  etag: v.optional(v.string()),
  body: v.unknown(),
});

/**
 * Keeps the host's list of models in a file, for `liveCatalogue({ cache: catalogueFile('models.json') })`: then a new process asks the
 * host only when the list is older than an hour. The file holds no key. Several processes may share it: it is replaced as a whole.
 */
export const catalogueFile = (path: string): CatalogueCache => ({
  async read() {
    const found = v.safeParse(schema, JSON.parse(await readFile(path, 'utf8')));
    return found.success ? (found.output as CachedList) : undefined;
  },
  async write(list) {
    const fresh = `${path}.${process.pid}.new`;
    try {
      await writeFile(fresh, JSON.stringify(list), { mode: 0o600 });
      await rename(fresh, path);
    } finally {
      await rm(fresh, { force: true });
    }
  },
});
