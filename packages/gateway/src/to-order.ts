import { type GenerateImageOptions, imageOptions, type MaxCost } from '@imageport/core';
import { type FieldSetting, fieldTables, type Part } from './fields.ts';
import type { Fields } from './read-body.ts';
import { Refusal } from './refusal.ts';
import { type GatewaySettings, settingOf } from './settings.ts';

/** Whether pictures are made or edited. */
export type Task = keyof typeof fieldTables;

/** The picture that is asked for, in neutral options, checked as far as that goes without the model. */
export type Picture = Pick<GenerateImageOptions, 'prompt' | 'n' | 'images' | 'mask' | 'size' | 'fit'>;

/** What a client asks for. */
export interface Order {
  readonly task: Task;
  readonly n: number;
  readonly picture: Picture;
  /** The client's own limit. */
  readonly maxCost: MaxCost | undefined;
  readonly user: string | undefined;
  readonly stream: boolean;
  readonly format: 'b64_json' | 'url';
}

/** Translates a request for a model. Throws a `Refusal`, or core's `invalid_request`. */
export function toOrder(task: Task, fields: Fields, name: string, settings: GatewaySettings): Order {
  const setting: FieldSetting = { quality: settingOf(settings.quality, name) };
  const ignored = settingOf(settings.ignore, name) ?? [];
  const given = [...fields].filter(([field]) => !ignored.includes(field));
  const parts = given.map(([field, value]) => readField(task, field, value, setting));
  const { maxCost, ...request } = Object.assign({}, ...parts.map((part) => part.request)) as Record<string, unknown>;
  const { n = 1, stream = false, format = 'b64_json', user, usual = {} } = Object.assign({}, ...parts) as Part;
  if (task === 'edits' && request.images === undefined) {
    throw new Refusal('missing_required_parameter', '`image` is missing', { param: 'image' });
  }
  const fit = settingOf(settings.fit, name);
  const picture = imageOptions({
    prompt: '',
    ...(fit && { fit }),
    ...besides(usual, request),
    ...request,
    n,
    maxCost,
  } as Picture & {
    maxCost?: MaxCost;
  });
  return { task, n, picture: withoutCost(picture), maxCost: picture.maxCost, user, stream, format };
}

const extents = ['size', 'aspectRatio', 'resolution'];

/** What a quality means, but for how large: a request that says that by itself has the last word. */
function besides(usual: object, request: object): object {
  if (!extents.some((name) => Object.hasOwn(request, name))) return usual;
  return Object.fromEntries(Object.entries(usual).filter(([name]) => !extents.includes(name)));
}

const withoutCost = ({ maxCost: _, ...picture }: Picture & { maxCost?: MaxCost | undefined }): Picture => picture;

function readField(task: Task, field: string, value: unknown, setting: FieldSetting): Part {
  const table: (typeof fieldTables)['generations'] = fieldTables[task];
  if (Object.hasOwn(table, field)) return table[field]?.(value, field, setting) ?? {};
  const elsewhere = field === 'mask' || field === 'markup' || Object.hasOwn(fieldTables.edits, field);
  const code = elsewhere ? 'unsupported_parameter' : 'unknown_parameter';
  throw new Refusal(code, `\`${shown(field)}\` is not understood here; the gateway can be set to ignore it`, {
    param: shown(field),
  });
}

/** A name that somebody else chose. */
const shown = (field: string): string => field.replace(/[^\w.[\]-]/g, '?').slice(0, 60);
