import { Command, InvalidArgumentError, type Option } from 'commander';
import { addPictureFlags, type RequestFlags, toTimeout } from '../request-flags.ts';
import type { Row } from './read-rows.ts';

/** What a row says, in the form of flags. */
export interface RowFlags {
  readonly prompt: string;
  readonly flags: Partial<RequestFlags>;
}

/** What is wrong with one cell, or with the name of its column. */
export class BadCell extends Error {
  readonly column: string;
  constructor(column: string, message: string) {
    super(message);
    this.column = column;
  }
}

/** The columns are the flags: what reads a flag reads its column. */
const options: ReadonlyMap<string, Option> = new Map(
  addPictureFlags(new Command())
    .option('--timeout <time>', '', toTimeout)
    .option('--intent <id>')
    .options.filter(({ negate }) => !negate)
    .map((option) => [option.name(), option]),
);

export const columns: readonly string[] = ['prompt', ...options.keys()];

/** As the options of core and their plurals are called. */
const aliases: Readonly<Record<string, string>> = {
  images: 'image',
  models: 'model',
  'prompt-expansion': 'expand',
  'intent-id': 'intent',
};

/** Throws `BadCell`. An empty cell says nothing. */
export function readFlags({ cells }: Row): RowFlags {
  const flags: Record<string, unknown> = {};
  let prompt = '';
  for (const [given, value] of cells) {
    const column = nameOf(given);
    const option = options.get(column);
    if (!option && column !== 'prompt') throw unknownColumn(given);
    for (const text of textsOf(given, value)) {
      if (!option) prompt = once(given, prompt, text);
      else flags[option.attributeName()] = read(given, option, text, flags[option.attributeName()]);
    }
  }
  // A model that takes pictures may take no words; one that needs them says so.
  if (prompt === '' && flags.image === undefined)
    throw new BadCell('prompt', 'there is nothing to draw: write what the picture shows');
  return { prompt, flags };
}

/** `aspectRatio`, `aspect_ratio` and `Aspect Ratio` are `aspect-ratio`. */
function nameOf(given: string): string {
  const name = given
    .trim()
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .replace(/[\s_]+/g, '-')
    .toLowerCase();
  return aliases[name] ?? name;
}

const unknownColumn = (given: string): BadCell =>
  new BadCell(given, `there is no such option; the columns are ${columns.join(', ')}`);

/** The values of a cell that are not empty. */
function textsOf(column: string, value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.map((each) => {
    if (each === null || each === undefined) return '';
    if (typeof each !== 'object') return String(each).trim();
    throw new BadCell(column, 'it must be a text, a number, true or false');
  });
  return texts.filter((text) => text !== '');
}

/** Of two values nobody can say which was meant. */
function once(column: string, before: unknown, text: string): string {
  if (before === undefined || before === '') return text;
  throw new BadCell(column, 'it is there twice');
}

function read(column: string, option: Option, text: string, before: unknown): unknown {
  if (!Array.isArray(option.defaultValue)) once(column, before, text);
  if (option.isBoolean()) return toBoolean(column, text);
  try {
    return option.parseArg ? option.parseArg(text, before ?? option.defaultValue) : text;
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new BadCell(column, `"${text}" is not possible: ${error.message}`);
    throw error;
  }
}

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

function toBoolean(column: string, text: string): boolean {
  const value = booleans[text.toLowerCase()];
  if (value === undefined) throw new BadCell(column, `"${text}" is not possible: write true or false`);
  return value;
}
