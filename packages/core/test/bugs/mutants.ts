import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { isNode, type Node, operators } from './operators.ts';
import { type Plant, root } from './plant.ts';

/** A bug that an operator made. Where it is says its code, not its line, so that it stays known when lines move. */
export interface Mutant extends Plant {
  readonly file: string;
  readonly operator: string;
  /** The function it is in. */
  readonly within: string;
  readonly code: string;
  readonly start: number;
}

/** What is mutated: what decides about money, and what keeps it. */
const patterns = [
  'packages/core/src/{ledger,picture}/*.ts',
  'packages/core/src/host/{breaker,limits,scheduler,unsent,account}.ts',
  'packages/core/src/node/{file-ledger,journal,lock-file,open-ledger}.ts',
  'packages/{wavespeed,apiframe}/src/{adapter,parse}.ts',
];

export const mutatedFiles = (): string[] =>
  patterns.flatMap((pattern) => globSync(pattern, { cwd: root }).map((path) => path.split('\\').join('/'))).sort();

/** Every mutant of a source, in the order of its text. */
export function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Mutant[] = [];
  const visit = (node: Node, parent: Node | undefined, within: string): void => {
    // Types do nothing at run time; modules that are imported are no decisions.
    if (/^(TS(Type|Interface|Union|Literal|Function|Array|Tuple|Conditional|Mapped)|Import)/.test(node.type)) return;
    const place = nameOf(node, parent) ?? within;
    for (const [operator, change] of Object.entries(operators)) {
      for (const { start, end, replace } of change(node, text, parent)) {
        const code = `${shown(text, start, end)} => ${replace.replace(/\s+/g, ' ')}`;
        const id = `${file} | ${place} | ${operator} | ${code}`;
        found.push({ id, file, start, changes: [{ file, start, end, replace }], operator, within: place, code });
      }
    }
    for (const child of childrenOf(node)) visit(child, node, place);
  };
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node, undefined, 'module');
  return found.sort((a, b) => a.start - b.start);
}

/** A short piece of text says nothing without what stands around it. */
function shown(text: string, start: number, end: number): string {
  const from = end - start < 24 ? text.lastIndexOf('\n', start) + 1 : start;
  const lineEnd = text.indexOf('\n', end);
  const to = end - start < 24 ? (lineEnd < 0 ? text.length : lineEnd) : end;
  const piece =
    from === start
      ? text.slice(start, end)
      : `${text.slice(from, start)}[${text.slice(start, end)}]${text.slice(end, to)}`;
  return piece.replace(/\s+/g, ' ').trim();
}

const named = ['FunctionDeclaration', 'VariableDeclarator', 'MethodDefinition', 'Property', 'PropertyDefinition'];
const functions = ['ArrowFunctionExpression', 'FunctionExpression'];

/** The name of a function, given where it is declared. */
function nameOf(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'FunctionDeclaration' && isNode(node.id)) return String(node.id.name);
  if (!functions.includes(node.type) || !parent || !named.includes(parent.type)) return undefined;
  const name = isNode(parent.id) ? parent.id : parent.key;
  return isNode(name) && typeof name.name === 'string' ? name.name : undefined;
}

const childrenOf = (node: Node): Node[] =>
  Object.values(node)
    .flatMap((member) => (Array.isArray(member) ? member : [member]))
    .filter(isNode);

/** The same mutants for the same seed. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = createRandom(seed);
  const drawn = mutants.map((mutant) => ({ mutant, order: random() })).sort((a, b) => a.order - b.order);
  return drawn.slice(0, count).map(({ mutant }) => mutant);
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
