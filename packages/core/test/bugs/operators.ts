import type { Change } from './plant.ts';

/** A node of the syntax tree, as far as the operators look at it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** A small error that somebody could make: what becomes of a node, any number of ways. */
export type Operator = (node: Node, text: string, parent: Node | undefined) => readonly Change[];

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

const whole = ({ start, end }: Node, replace: string): Change => ({ start, end, replace });
const textOf = (node: unknown, text: string): string => (isNode(node) ? text.slice(node.start, node.end) : '');

const opposite: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
  some: 'every',
  every: 'some',
};

/** Between two operands, so that the rest of the line stays as it is. */
function swapped({ left, right, operator }: Node, text: string): readonly Change[] {
  const other = opposite[String(operator)];
  if (!isNode(left) || !isNode(right) || other === undefined) return [];
  const at = text.indexOf(String(operator), left.end);
  return at < 0 || at >= right.start ? [] : [{ start: at, end: at + String(operator).length, replace: other }];
}

const isText = (node: unknown): boolean =>
  isNode(node) && (node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string'));

const conditions = ['IfStatement', 'ConditionalExpression', 'WhileStatement', 'DoWhileStatement', 'ForStatement'];
const isComparison = (node: Node): boolean =>
  node.type === 'BinaryExpression' && /^(===|!==)$/.test(String(node.operator));

const money: Readonly<Record<string, readonly string[]>> = { no: ['unknown'], yes: ['no'], unknown: ['no'] };

/** `emit` and what only tells: nothing that is decided hangs on it. */
const onlyTells = /^(await )?(void )?(picture\.)?(emit|this\.#emit)\(/;

const returnsNothing = ({ argument }: Node, text: string): boolean =>
  argument === null || /^(undefined|null)$/.test(textOf(argument, text));

/** Every operator by name. */
export const operators: Readonly<Record<string, Operator>> = {
  negate: ({ type, test }, text) =>
    conditions.includes(type) && isNode(test) && !isComparison(test) ? [whole(test, `!(${textOf(test, text)})`)] : [],
  compare: (node, text) =>
    node.type === 'BinaryExpression' && /^([<>]=?|[!=]==)$/.test(String(node.operator)) ? swapped(node, text) : [],
  logic: (node, text) => (node.type === 'LogicalExpression' && node.operator !== '??' ? swapped(node, text) : []),
  operand: (node, text) =>
    node.type === 'LogicalExpression' && node.operator !== '??'
      ? [whole(node, textOf(node.left, text)), whole(node, textOf(node.right, text))]
      : [],
  default: (node) =>
    node.type === 'LogicalExpression' && node.operator === '??' && isNode(node.right)
      ? [whole(node.right, '(undefined as never)')]
      : [],
  arithmetic: (node, text) =>
    (node.type === 'BinaryExpression' || node.type === 'AssignmentExpression') &&
    /^[-+*/]=?$/.test(String(node.operator)) &&
    !isText(node.left) &&
    !isText(node.right)
      ? swapped(node, text)
      : [],
  boolean: (node, _, parent) =>
    node.type === 'Literal' && typeof node.value === 'boolean' && !parent?.type.startsWith('TS')
      ? [whole(node, String(!node.value))]
      : [],
  number: (node, _, parent) =>
    node.type === 'Literal' && typeof node.value === 'number' && node.value <= 20 && !parent?.type.startsWith('TS')
      ? [whole(node, String(node.value + 1))]
      : [],
  money: (node, _, parent) =>
    node.type === 'Literal' && typeof node.value === 'string' && !parent?.type.startsWith('TS')
      ? (money[node.value] ?? []).map((other) => whole(node, `'${other}'`))
      : [],
  call: (node, text) => {
    const { type, expression } = node;
    if (type !== 'ExpressionStatement' || !isNode(expression)) return [];
    const inner = isNode(expression.argument) ? expression.argument : expression;
    return inner.type === 'CallExpression' && !onlyTells.test(textOf(expression, text)) ? [whole(node, ';')] : [];
  },
  guard: (node) => (node.type === 'IfStatement' && node.alternate === null ? [whole(node, ';')] : []),
  assign: (node) =>
    node.type === 'ExpressionStatement' && isNode(node.expression) && node.expression.type === 'AssignmentExpression'
      ? [whole(node, ';')]
      : [],
  return: (node, text) =>
    node.type === 'ReturnStatement' && !returnsNothing(node, text) ? [whole(node, 'return undefined as never;')] : [],
  quantifier: ({ type, callee }) => {
    const property = type === 'CallExpression' && isNode(callee) ? callee.property : undefined;
    const other = isNode(property) ? opposite[String(property.name)] : undefined;
    return isNode(property) && /^(some|every)$/.test(String(property.name)) && other ? [whole(property, other)] : [];
  },
};
