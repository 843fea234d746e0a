import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { GeneratedImage } from '@imageport/core';
import { extensionsOf, holdsSomething, saveOrThrow } from '../save.ts';
import { extensions } from './folder.ts';
import type { PlannedRow } from './plan-rows.ts';

/** The pictures of a folder by the names that rows give them. They are written whole or not at all. */
export interface SavedPictures {
  /** Where all pictures of a row are, or undefined when one is missing. */
  find(row: PlannedRow): Promise<readonly string[] | undefined>;
  /** Puts a picture under its name unless it is there, and returns its path. `part`: of several that one job made. */
  save(
    image: GeneratedImage,
    row: PlannedRow,
    at: { readonly picture: number; readonly part: number },
  ): Promise<string>;
}

export async function openPictures(folder: string, signal: AbortSignal): Promise<SavedPictures> {
  const names = (await readdir(folder)).filter((name) => extensions.includes(extname(name).toLowerCase()));
  const paths = new Map(names.map((name) => [name.slice(0, -extname(name).length), join(folder, name)]));
  /** A file that was emptied is no picture, nor is what only has its name. */
  const at = async (stem: string): Promise<string | undefined> => {
    const path = paths.get(stem);
    return path !== undefined && (await holdsSomething(path)) ? path : undefined;
  };
  return {
    async find(row) {
      const stems = Array.from({ length: row.n }, (_, picture) => stemOf(row, picture, 0));
      const found = (await Promise.all(stems.map(at))).flatMap((path) => path ?? []);
      return found.length === row.n ? found : undefined;
    },
    async save(image, row, { picture, part }) {
      const stem = stemOf(row, picture, part);
      const known = await at(stem);
      if (known !== undefined) return known;
      // Only its bytes say what kind of file it is.
      await image.bytes({ signal });
      const destination = { folder, file: `${stem}${extensionsOf(image.mediaType)[0]}` };
      const path = await saveOrThrow(image, { destination, prompt: row.prompt, index: 0, n: 1, signal, isOwn: true });
      paths.set(stem, path);
      return path;
    },
  };
}

/** A name as long as a picture of the row can get. */
export const longestNameOf = (row: PlannedRow): string => `${stemOf(row, row.n - 1, 1)}~2.webp`;

/** The first picture has the name of the row, so that more can be asked for later. */
const stemOf = ({ stem }: PlannedRow, picture: number, part: number): string =>
  `${stem}${picture === 0 ? '' : `-${picture + 1}`}${part === 0 ? '' : `.${part + 1}`}`;
