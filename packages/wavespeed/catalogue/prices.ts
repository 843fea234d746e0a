import jsonata from 'jsonata';
import type { PriceTerm } from '../src/catalogue/price.ts';
import type { RecordedModel } from '../src/live/record.ts';
import { doubtfulPrices } from './overrides.ts';

/** The nodes of a parsed formula that occur. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly lhs?: Node | readonly (readonly [Node, Node])[];
  readonly rhs?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly expressions?: readonly Node[];
  readonly steps?: readonly Node[];
  readonly procedure?: Node;
  readonly arguments?: readonly Node[];
}

/** No price is known. */
const unknown: PriceTerm = ['unknown'];

/**
 * How the price of a model depends on its fields; undefined where it does not. A formula that counts in numbers of its own holds
 * only while the base price is what it was.
 */
export function toPriceTerm(model: RecordedModel, all: readonly RecordedModel[]): PriceTerm | undefined {
  const { id, priceFormula: formula, priceFormulaFrom: from = '', usd } = model;
  if (doubtfulPrices.has(id)) return unknown;
  if (formula === undefined) return wasRead(model, all) ? undefined : onlyUsual(model, all);
  const term = toTerm(parse(formula), model);
  if (term === 'base_price') return undefined;
  const moved = newest(usd) !== usd[from];
  return moved && /\d{4}/.test(formula) ? unknown : term;
}

export const newest = (usd: RecordedModel['usd']): number => usd[Object.keys(usd).sort().at(-1) ?? ''] ?? Number.NaN;

/** Formulas are from the copies that have whole schemas: of a model in one of them it is known that there is none. */
const wasRead = ({ seen, inputsFrom = '' }: RecordedModel, all: readonly RecordedModel[]): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(inputsFrom) ||
  seen.some((copy) => all.some(({ priceFormulaFrom }) => priceFormulaFrom === copy));

/** Fields on which prices depend elsewhere may move this one, too: with the model's own values the base price is the price. */
function onlyUsual({ inputs }: RecordedModel, all: readonly RecordedModel[]): PriceTerm | undefined {
  const formulas = all.map(({ priceFormula = '' }) => priceFormula).join(' ');
  const moving = Object.entries(inputs ?? {}).filter(
    ([name, { type }]) => name !== 'prompt' && type !== 'array' && new RegExp(`\\b${name}\\b`).test(formulas),
  );
  if (moving.length === 0) return undefined;
  return moving.reduceRight<PriceTerm>(
    (rest, [name, { default: usual }]) =>
      typeof usual === 'string' || typeof usual === 'number'
        ? ['?', ['=', name, usual], rest, unknown]
        : ['?', ['given', name], unknown, rest],
    'base_price',
  );
}

function parse(formula: string): Node {
  const root = jsonata(formula).ast() as unknown as Node;
  const [[, total] = []] = Array.isArray(root.lhs) ? (root.lhs as readonly (readonly [Node, Node])[]) : [];
  if (root.value !== '{' || !total) throw new Error(`no price in ${formula}`);
  return total;
}

type Inputs = Pick<RecordedModel, 'inputs'>;

const operators: Readonly<Record<string, string>> = { '+': '+', '*': '*', '/': '/', '<=': '<=', and: 'and', or: 'or' };
const functions: Readonly<Record<string, string>> = { ceil: 'ceil', count: 'count', length: 'count', exists: 'given' };

function toTerm(node: Node | undefined, model: Inputs): PriceTerm {
  switch (node?.type) {
    case 'number':
      return node.value as number;
    case 'block':
      return toTerm(node.expressions?.[0], model);
    case 'path':
      return nameOf(node.steps?.[0], model);
    case 'condition':
      return choose(toTerm(node.condition, model), toTerm(node.then, model), toTerm(node.else, model));
    case 'binary':
      return toOperation(node, model);
    case 'function': {
      const name = String(node.procedure?.value);
      const operand = toTerm(node.arguments?.[0], model);
      if (name === 'number') return operand;
      if (!functions[name]) throw new Error(`the formula calls ${name}`);
      return [functions[name], operand];
    }
    default:
      throw new Error(`the formula has a ${node?.type}`);
  }
}

/** A name that is no input counts once. */
function nameOf(node: Node | undefined, { inputs }: Inputs): PriceTerm {
  const name = String(node?.value);
  return name === 'base_price' || Object.hasOwn(inputs ?? {}, name) ? name : 1;
}

function toOperation({ value, lhs, rhs }: Node, model: Inputs): PriceTerm {
  const left = toTerm(lhs as Node, model);
  if (value === '=') {
    // What is compared is a text; without such an input it is not that text.
    return typeof left === 'string' ? ['=', left, String(rhs?.value)] : 0;
  }
  const right = toTerm(rhs, model);
  if (value === '>' && right === 0) return left;
  const operator = operators[String(value)];
  if (!operator) throw new Error(`the formula has ${String(value)}`);
  return fold(operator, left, right);
}

function choose(condition: PriceTerm, yes: PriceTerm, no: PriceTerm): PriceTerm {
  // Neither another text nor a switch that is not there.
  if (condition === 0 || condition === 1) return no;
  return JSON.stringify(yes) === JSON.stringify(no) ? yes : ['?', condition, yes, no];
}

/** Numbers are calculated here already, and a factor of one is left out. */
function fold(operator: string, left: PriceTerm, right: PriceTerm): PriceTerm {
  if (operator === '/' && typeof left === 'number' && typeof right === 'number') return left / right;
  if (right === 1 && (operator === '*' || operator === '/')) return left;
  if (left === 1 && operator === '*') return right;
  return [operator, left, right];
}
