import type { Exchange } from './endpoint.ts';

export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The field `file` of a multipart body, or undefined when there is none. */
export async function readFile({ bytes, call }: Exchange): Promise<SentFile | undefined> {
  const type = call.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return undefined;
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    return file instanceof File ? { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } : undefined;
  } catch {
    return undefined;
  }
}
