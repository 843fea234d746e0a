import type { Family } from '../contract/family.ts';
import { checkInputs, withPictures } from './inputs.ts';
import { readOptions } from './option-rules.ts';
import type { Sheet, WireFields } from './rule.ts';
import { joinGeometry, readShape } from './shape-rules.ts';

/**
 * Finds in the native fields of a model which neutral options it honours, and how it names them. What no rule reads stays a native
 * field, reached by `providerOptions` and checked by its type, range and values.
 */
export function readSheet(sheet: Sheet): Omit<Family, 'models'> {
  const shape = readShape(sheet);
  const options = readOptions(sheet);
  const parts = [...shape, ...options];
  const check = checkInputs(sheet);
  const longest = sheet.fields.prompt?.type === 'text' ? sheet.fields.prompt.max : undefined;
  return {
    fields: withPictures(sheet),
    required: sheet.required,
    accepts: {
      prompt: sheet.prompt ?? 'none',
      ...Object.assign({}, ...options.map(({ accepts }) => accepts)),
      ...(shape.length > 0 ? { geometry: joinGeometry(shape) } : {}),
    },
    ...(longest === undefined ? {} : { maxPrompt: longest }),
    ...(check ? { check } : {}),
    toWire: (request): WireFields => Object.assign({}, ...parts.map(({ toWire }) => toWire(request))),
  };
}
