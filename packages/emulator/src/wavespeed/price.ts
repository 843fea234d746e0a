import type { Expression, ExprNode } from 'jsonata';
import type { WavespeedModel } from '../catalogue/document.ts';
import { loadJsonata } from '../catalogue/load.ts';
import { isObject } from '../http/message.ts';
import { fieldsOf, type Inputs } from './catalogue.ts';

interface Formula {
  readonly expression: Expression;
  /** The names that it reads. */
  readonly names: readonly string[];
}

const formulas = new Map<string, Formula>();

/** USD for these inputs. The host's formulas count in micro-dollars; where one comes to nothing, the base price holds. */
export async function priceOf(model: WavespeedModel, inputs: Inputs): Promise<number> {
  if (model.formula === undefined) return model.usd;
  const { expression, names } = formulaOf(model.formula);
  const fields = fieldsOf(model);
  // A few formulas name what is no field of their model.
  const absent = names.filter((name) => !(name in fields)).map((name) => [name, 1] as const);
  const known = {
    ...Object.fromEntries(absent),
    ...defaults(model),
    ...inputs,
    base_price: Math.round(model.usd * 1e6),
  };
  // The price is also asked for inputs that no submit would take.
  const result: unknown = await expression.evaluate(known).catch(() => undefined);
  const total = isObject(result) ? result.total_price : undefined;
  return typeof total === 'number' && Number.isFinite(total) ? Math.round(total) / 1e6 : model.usd;
}

const defaults = (model: WavespeedModel): Inputs =>
  Object.fromEntries(
    Object.entries(fieldsOf(model))
      .filter(([, field]) => field.default !== undefined)
      .map(([name, field]) => [name, field.default]),
  );

function formulaOf(text: string): Formula {
  const known = formulas.get(text);
  if (known) return known;
  const expression = loadJsonata()(text);
  const formula = { expression, names: namesIn(expression.ast()) };
  formulas.set(text, formula);
  return formula;
}

/** The names of fields anywhere in the syntax tree of a formula. */
function namesIn(node: ExprNode | unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'name' && 'value' in node ? [String(node.value)] : [];
  return [...own, ...Object.values(node).flatMap(namesIn)];
}
