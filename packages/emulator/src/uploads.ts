import { randomUUID } from 'node:crypto';

export interface Upload {
  readonly id: string;
  readonly name: string;
  bytes: Uint8Array;
}

/** Files that were sent in as input of a job. */
export interface Uploads {
  add(bytes: Uint8Array, extension: string): Upload;
  find(name: string): Upload | undefined;
  clear(): void;
}

export function createUploads(): Uploads {
  const files = new Map<string, Upload>();
  return {
    add: (bytes, extension) => {
      const id = randomUUID();
      const upload: Upload = { id, name: `${id}.${extension}`, bytes };
      files.set(upload.name, upload);
      return upload;
    },
    find: (name) => files.get(name),
    clear: () => files.clear(),
  };
}

interface FileType {
  readonly kind: 'image' | 'video' | 'audio';
  readonly contentType: string;
  readonly extension: string;
  readonly magic: RegExp;
}

// Matched against the first bytes read as Latin-1.
const fileTypes: readonly FileType[] = [
  { kind: 'image', contentType: 'image/png', extension: 'png', magic: /^\x89PNG\r\n/ },
  { kind: 'image', contentType: 'image/jpeg', extension: 'jpg', magic: /^\xff\xd8\xff/ },
  { kind: 'image', contentType: 'image/webp', extension: 'webp', magic: /^RIFF.{4}WEBP/s },
  { kind: 'image', contentType: 'image/gif', extension: 'gif', magic: /^GIF8/ },
  { kind: 'audio', contentType: 'audio/wav', extension: 'wav', magic: /^RIFF.{4}WAVE/s },
  { kind: 'audio', contentType: 'audio/mpeg', extension: 'mp3', magic: /^(ID3|\xff[\xfb\xf3\xf2])/ },
  { kind: 'audio', contentType: 'audio/ogg', extension: 'ogg', magic: /^OggS/ },
  { kind: 'audio', contentType: 'audio/mp4', extension: 'm4a', magic: /^.{4}ftypM4A/s },
  { kind: 'video', contentType: 'video/quicktime', extension: 'mov', magic: /^.{4}ftypqt/s },
  { kind: 'video', contentType: 'video/mp4', extension: 'mp4', magic: /^.{4}ftyp/s },
  { kind: 'video', contentType: 'video/webm', extension: 'webm', magic: /^.E\xdf\xa3/s },
];

/** What a file is, judged by its first bytes. */
export function sniff(bytes: Uint8Array): FileType | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return fileTypes.find(({ magic }) => magic.test(head));
}
