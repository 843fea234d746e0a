import { Refusal } from './refusal.ts';

/** What the field of a request comes to. */
export interface Part {
  /** Neutral options of `generateImage`. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** The same where nothing else says it. */
  readonly usual?: Readonly<Record<string, unknown>>;
  readonly n?: number;
  readonly stream?: boolean;
  readonly format?: 'b64_json' | 'url';
  /** For whom an app asks; only its hash is kept. */
  readonly user?: string;
}

/** What the settings say about the model. */
export interface FieldSetting {
  readonly quality: Readonly<Record<string, object>> | undefined;
}

type ReadField = (value: unknown, name: string, setting: FieldSetting) => Part;

const nothing: Part = {};

/** Values that ask for nothing but what happens anyway; every other one is refused. */
const only =
  (...values: readonly unknown[]): ReadField =>
  (value, name) => {
    if (values.map(String).includes(String(value))) return nothing;
    const may = values.length > 0 ? `only ${values.join(' or ')} can be given` : 'it cannot be honoured';
    throw new Refusal('unsupported_value', `\`${name}\`: ${may}; the gateway can be set to ignore it`, { param: name });
  };

const text = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value;
  throw new Refusal('invalid_value', `\`${name}\` must be text`, { param: name });
};

function whole(value: unknown, name: string, least: number, most: number): number {
  const number = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Refusal('invalid_value', `\`${name}\` must be a whole number from ${least} to ${most}`, { param: name });
}

function truth(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Refusal('invalid_value', `\`${name}\` must be true or false`, { param: name });
}

const user: ReadField = (value, name) => ({ user: text(value, name) });

const quality: ReadField = (value, name, { quality: known = {} }) => {
  const word = text(value, name);
  if (Object.hasOwn(known, word)) return { usual: { ...known[word] } };
  if (word === 'auto' || word === 'standard') return nothing;
  const words = ['auto', ...Object.keys(known)].join(', ');
  throw new Refusal('unsupported_value', `\`quality\` of this model is one of ${words}`, { param: name });
};

const format: ReadField = (value, name) => {
  if (value === 'b64_json' || value === 'url') return { format: value };
  throw new Refusal('invalid_value', `\`${name}\` must be b64_json or url`, { param: name });
};

const outputFormat: ReadField = (value, name) => {
  const word = text(value, name);
  if (['png', 'jpeg', 'webp'].includes(word)) return { request: { outputFormat: word } };
  throw new Refusal('unsupported_value', `\`${name}\` must be png, jpeg or webp`, { param: name });
};

const pictures: ReadField = (value) => ({
  request: { images: (Array.isArray(value) ? value : [value]).map(toPicture) },
});

/** A picture as bytes, as an address, or as the object with an address that JSON requests have. */
function toPicture(value: unknown): unknown {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  const { image_url: url } = (typeof value === 'object' && value !== null ? value : {}) as { image_url?: unknown };
  if (typeof url === 'string') return url;
  throw new Refusal('invalid_value', '`image` must be a picture, or an https or data URL of one', { param: 'image' });
}

const mask: ReadField = (value, name) => {
  const given = toPicture(Array.isArray(value) ? value[0] : value);
  if (!(given instanceof Uint8Array) || isOpaque(given)) return { request: { mask: given } };
  const problem = 'a transparent mask is not translated: make it white where the picture may change, black elsewhere';
  throw new Refusal('unsupported_value', `\`${name}\`: ${problem}`, { param: name });
};

/** A JPEG, or a PNG without a channel or a table of transparency. */
function isOpaque(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff) return true;
  const head = String.fromCharCode(...bytes.subarray(0, 4096));
  const colour = bytes[25] ?? 0;
  return head.startsWith('\x89PNG') && colour !== 4 && colour !== 6 && !head.includes('tRNS');
}

const ownNames = ['aspectRatio', 'resolution', 'seed', 'promptExpansion', 'providerOptions', 'maxCost', 'fit'];

/** Neutral options that OpenAI has no field for. */
const own: ReadField = (value, name) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('invalid_value', `\`${name}\` must be an object`, { param: name });
  }
  const unknown = Object.keys(value).find((each) => !ownNames.includes(each));
  if (unknown === undefined) return { request: { ...value } };
  throw new Refusal('unknown_parameter', `\`${name}\` may hold ${ownNames.join(', ')}`, {
    param: `${name}.${unknown}`,
  });
};

/** What every field of an OpenAI image request becomes. What is not here is refused by its name. */
const common: Readonly<Record<string, ReadField>> = {
  model: () => nothing,
  prompt: (value, name) => ({ request: { prompt: text(value, name) } }),
  n: (value, name) => ({ n: whole(value, name, 1, 10) }),
  size: (value, name) => (value === 'auto' ? nothing : { request: { size: text(value, name) } }),
  quality,
  background: only('auto', 'opaque'),
  moderation: only('auto'),
  style: only(),
  output_format: outputFormat,
  output_compression: only(100),
  response_format: format,
  stream: (value, name) => ({ stream: truth(value, name) }),
  // A final picture without partial ones before it is within OpenAI's own description.
  partial_images: (value, name) => (whole(value, name, 0, 3) >= 0 ? nothing : nothing),
  user,
  safety_identifier: user,
  imageport: own,
};

/** By the route of the request. */
export const fieldTables = {
  generations: common,
  edits: { ...common, image: pictures, images: pictures, mask, input_fidelity: only('low') },
} as const satisfies Record<string, Readonly<Record<string, ReadField>>>;
