import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { GeneratedImage } from '@imageport/core';
import { saveImage } from '@imageport/core/node';
import { readRegularFile } from './read-file.ts';

/** A picture in the folder. */
export interface SavedPicture {
  readonly intentId: string;
  /** Which of the request's pictures: '1', '2' …, and '1x2' for the second that one job made. */
  readonly number: string;
  readonly path: string;
  readonly mediaType: string;
  readonly bytes?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The folder of one scope. Nobody but this package names its files, so that a link leads to a picture of it or nowhere. */
export interface Pictures {
  /** Saves picture `place` (from 1) of an intent, whole or not at all; one of the same name is replaced: it is the same picture. */
  save(image: GeneratedImage, intentId: string, place: number): Promise<SavedPicture>;
  list(intentId: string): Promise<readonly SavedPicture[]>;
  /** Notes that a call of this scope has begun. Where all share one folder nobody asks. */
  begin(intentId: string): Promise<void>;
  /** Whether a call of this scope has this id. */
  owns(intentId: string): Promise<boolean>;
  /** Undefined where there is no such picture. */
  read(
    intentId: string,
    number: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined>;
}

/** As large as a picture that is downloaded may be. */
const mostBytes = 64 * 1024 * 1024;

const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/svg+xml': 'svg',
  'image/tiff': 'tif',
  'image/bmp': 'bmp',
};
const mediaTypes = new Map(Object.entries(extensions).map(([mediaType, extension]) => [extension, mediaType]));

/** `owner`: the scope whose pictures lie in a folder of their own; absent: in the folder itself. */
export function openPictures(folder: string, owner?: string): Pictures {
  const home = owner === undefined ? resolve(folder) : join(resolve(folder), hash(owner));
  const list: Pictures['list'] = async (intentId) => {
    const [call] = split(intentId);
    const names = await readdir(home).catch(() => []);
    const pattern = new RegExp(`^${stemOf(call)}-(\\d+(?:x\\d+)?)\\.(\\w+)$`);
    const found = names.flatMap((name): SavedPicture[] => {
      const [, number = '', extension = ''] = pattern.exec(name) ?? [];
      const mediaType = mediaTypes.get(extension);
      return mediaType ? [{ intentId: call, number, path: join(home, name), mediaType }] : [];
    });
    return found.sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
  };
  return {
    list,
    async begin(intentId) {
      if (owner === undefined) return;
      await mkdir(home, { recursive: true });
      await writeFile(markOf(home, intentId), '');
    },
    async owns(intentId) {
      return owner === undefined || access(markOf(home, intentId)).then(yes, no);
    },
    async save(image, intentId, place) {
      const [call, index] = split(intentId);
      const number = place === 1 ? index : `${index}x${place}`;
      await mkdir(home, { recursive: true });
      const temporary = join(home, `.${randomUUID()}.new`);
      await saveImage(image, temporary);
      const { mediaType = 'image/png', width, height } = image;
      const path = join(home, `${stemOf(call)}-${number}.${extensions[mediaType] ?? 'png'}`);
      await rename(temporary, path);
      return { intentId: call, number, path, mediaType, width, height };
    },
    async read(intentId, number) {
      const found = (await list(intentId)).find((each) => each.number === number);
      if (!found) return undefined;
      const bytes = await readRegularFile(found.path, mostBytes).catch(() => undefined);
      return bytes && { bytes, mediaType: found.mediaType };
    },
  };
}

/** The id of the call, and which of its pictures: '#2' behind it is the second. */
function split(intentId: string): readonly [call: string, index: string] {
  const [, call = intentId, index = '1'] = /^([^#]*)(?:#(\d+))?$/.exec(intentId) ?? [];
  return [call, index];
}

/** An empty file that says whose a call is: the ledger does not. */
const markOf = (home: string, intentId: string): string => join(home, `.${stemOf(split(intentId)[0])}.call`);

const yes = (): boolean => true;
const no = (): boolean => false;

/** An id can hold any sign, and a file system may not tell letters from capitals. */
const stemOf = (call: string): string => (/^[a-z0-9][a-z0-9-]{0,79}$/.test(call) ? call : hash(call));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
