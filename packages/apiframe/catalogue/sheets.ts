import type { Model, Shape } from '../src/catalogue/sheet.ts';
import { isAction, toActionSheet } from './midjourney.ts';
import * as by from './overrides.ts';
import { toPrice } from './price.ts';
import type { RecordedModel } from './recorded.ts';

/** Models that share their fields, and a name for what they share. */
export interface Sheet {
  readonly name: string;
  readonly shape: Omit<Shape, 'fields'>;
  readonly fields: by.Overrides;
  readonly models: Model[];
}

const tasks: Readonly<Record<string, NonNullable<Shape['task']>>> = {
  upscale: 'upscale',
  'background-remove': 'remove-background',
};

const usualPath = '/v2/images/generate';

/** The tables that are not written by hand: one sheet for each set of fields. */
export function toSheets(recorded: readonly RecordedModel[]): Sheet[] {
  const sheets: Sheet[] = [];
  for (const model of recorded.filter((each) => !isAction(each) && !by.isByHand(each.id))) {
    const sheet = toSheet(model, sheets);
    const same = sheets.find((each) => keyOf(each) === keyOf(sheet));
    if (same) same.models.push(...sheet.models);
    else sheets.push(sheet);
  }
  return [...sheets, toActionSheet(recorded.filter((each) => isAction(each) && !each.goneBy))];
}

const keyOf = ({ shape, fields }: Sheet): string => JSON.stringify([shape, fields]);

function toSheet(model: RecordedModel, before: readonly Sheet[]): Sheet {
  const { id, action, top, inputs } = model;
  const params = model.params ?? '';
  const path = model.endpoint.replace('POST ', '');
  const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
  const nativeOnly = by.nativeOnly[id] ?? by.nativeOnly[params];
  const portable = by.portableOf(id);
  const price = toPrice(model.credits);
  const family = params.replace(/Params$/, '');
  return {
    name: before.some(({ name }) => name === family) ? toName(id) : family,
    shape: {
      ...(path === usualPath ? {} : { path }),
      ...(tasks[action] ? { task: tasks[action] } : {}),
      params,
      ...(top.prompt?.maxLength === undefined ? {} : { prompt: top.prompt.maxLength }),
      ...(required.length > 0 ? { required } : {}),
      ...(nativeOnly ? { nativeOnly } : {}),
      ...(by.whiteMask.has(id) ? { whiteMask: true } : {}),
    },
    fields: by.overridden(inputs, by.familyPages[params], by.pages[id]),
    models: [{ id, ...(portable === undefined ? {} : { portable }), ...(price ? { price } : {}), ...goneOf(model) }],
  };
}

const goneOf = ({ lastSeen: seen, goneBy: by }: RecordedModel): Pick<Model, 'gone'> =>
  seen === undefined || by === undefined ? {} : { gone: { seen, by } };

/** "flux-1.1-pro" is `flux11Pro`. */
export const toName = (id: string): string =>
  id
    .replaceAll('.', '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^\d/, 'of$&');
