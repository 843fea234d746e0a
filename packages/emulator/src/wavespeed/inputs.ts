import type { Pixels, WavespeedModel } from '../catalogue/document.ts';
import { createCarelessValidator } from '../catalogue/validator.ts';
import { parsePixels } from '../picture/size.ts';
import { fieldsOf, type Inputs } from './catalogue.ts';

const validate = createCarelessValidator();

/** What a model makes of a body: its declared fields with their defaults, or the reason for a 400. */
export function readInputs(model: WavespeedModel, body: Inputs): { inputs: Inputs } | { problem: string } {
  const inputs = structuredClone(given(body));
  const { schema } = model;
  if (!schema) return { inputs };
  const missing = schema.required?.find((name) => inputs[name] === undefined);
  if (missing !== undefined) return { problem: `property "${missing}" is missing` };
  // A field the model does not declare is gone from here on, and nobody is told.
  const [problem] = validate(schema, inputs);
  if (problem) return { problem: `invalid value for "${problem.path.join('.')}": ${problem.words}` };
  return { inputs: { ...inputs, ...replaced(model, inputs) } };
}

/** An empty value is none. */
const given = (body: Inputs): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== ''));

/** Pixels that the model cannot give are not refused: its default is drawn instead, and charged. */
function replaced(model: WavespeedModel, inputs: Inputs): Inputs {
  const wrong = Object.entries(fieldsOf(model)).filter(
    ([name, { pixels }]) => pixels && inputs[name] !== undefined && !fits(pixels, inputs[name]),
  );
  return Object.fromEntries(wrong.map(([name, { default: preset }]) => [name, preset]));
}

function fits({ sign, side, area, stretch = Infinity, multipleOf = 1 }: Pixels, text: unknown): boolean {
  const size = parsePixels(text);
  if (!size || !String(text).includes(sign)) return false;
  const sides = [size.width, size.height];
  const [shorter, longer] = [Math.min(...sides), Math.max(...sides)];
  return (
    shorter >= (side?.[0] ?? 1) &&
    longer <= (side?.[1] ?? Infinity) &&
    isWithin(area ?? [1, Infinity], size.width * size.height) &&
    longer / shorter <= stretch &&
    sides.every((each) => each % multipleOf === 0)
  );
}

const isWithin = ([least, most]: readonly [number, number], value: number): boolean => value >= least && value <= most;
