import { type Nested, placeNested } from './nested.ts';
import { Refusal } from './refusal.ts';

/** The fields of a request by name. Pictures of a form are bytes, in lists; what is null was not given. */
export type Fields = ReadonlyMap<string, unknown>;

/** Reads a body of JSON or of a form, of at most so many bytes. Throws a `Refusal`. */
export async function readFields(request: Request, mostBytes: number): Promise<Fields> {
  const type = request.headers.get('content-type') ?? '';
  const [media = ''] = type.toLowerCase().split(';');
  const read = readers[media.trim()];
  if (read) return read(await readBounded(request, mostBytes), type);
  await request.body?.cancel();
  throw new Refusal('unsupported_media_type', 'the body must be application/json or multipart/form-data');
}

type Bytes = Uint8Array<ArrayBuffer>;

const readers: Readonly<Record<string, (bytes: Bytes, type: string) => Promise<Fields>>> = {
  'application/json': async (bytes) => readJson(bytes),
  'multipart/form-data': readForm,
};

/** Counts while it reads: a length that is stated may be wrong, or missing. */
async function readBounded(request: Request, mostBytes: number): Promise<Bytes> {
  const tooLarge = (): Refusal => new Refusal('request_too_large', `the body may have ${mostBytes} bytes`);
  const stated = Number(request.headers.get('content-length') ?? 0);
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (reader) {
    // What is stated may be no number at all.
    if (stated > mostBytes || length > mostBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function readJson(bytes: Bytes): Fields {
  const value = parse(new TextDecoder().decode(bytes));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('invalid_body', 'the body must be a JSON object');
  }
  return new Map(Object.entries(value).filter(([, member]) => member !== null));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The runtime's own words would quote the body.
    throw new Refusal('invalid_body', 'the body is not JSON');
  }
}

async function readForm(bytes: Bytes, type: string): Promise<Fields> {
  checkParts(bytes, type);
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refusal('invalid_body', 'the form cannot be read: is its boundary right?');
  });
  const fields = new Map<string, unknown>();
  const nested: Nested = new Map();
  for (const [key, value] of form) {
    const [, name = key, path] = /^([^[\]]+)(\[.*\])$/.exec(key) ?? [];
    if (typeof value !== 'string') append(fields, name, new Uint8Array(await value.arrayBuffer()));
    else if (path === '[]') append(fields, name, value);
    else if (path !== undefined) placeNested(nested, name, path, value);
    else fields.set(name, name === 'imageport' ? parse(value) : value);
  }
  for (const [name, value] of nested) fields.set(name, value);
  return fields;
}

function append(fields: Map<string, unknown>, name: string, value: unknown): void {
  const before = fields.get(name);
  if (Array.isArray(before)) before.push(value);
  else fields.set(name, [value]);
}

/** Parts of a form; every request that means something has a few dozen. */
const mostParts = 1_000;

/** Counted before the form is parsed, which takes far longer than reading it. */
function checkParts(bytes: Bytes, type: string): void {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  const mark = `--${quoted ?? plain ?? ''}`;
  const text = new TextDecoder('latin1').decode(bytes);
  let parts = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    parts += 1;
    if (parts > mostParts) throw new Refusal('invalid_body', `a form may have ${mostParts} parts`);
  }
}
