import { extname, resolve } from 'node:path';
import Papa from 'papaparse';
import { readBounded } from '../read-bounded.ts';
import { usage } from '../usage.ts';

/** A row as the file has it: CSV gives text, JSON any value. */
export interface Row {
  /** As a spreadsheet counts, where the column names are row 1; in JSON Lines the line. */
  readonly number: number;
  readonly cells: readonly (readonly [column: string, value: unknown])[];
}

/** Larger than a hundred thousand rows of long prompts. */
const mostBytes = 256 * 1024 * 1024;

const readers: Readonly<Record<string, (text: string, name: string) => Row[]>> = {
  '.csv': (text, name) => readCsv(text, name),
  '.tsv': (text, name) => readCsv(text, name, '\t'),
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
};

/** Reads the whole file. What is no table is refused, with the row. */
export async function readRows(name: string, cwd: string): Promise<Row[]> {
  const read = readers[extname(name).toLowerCase()];
  if (!read) throw usage(`${name}: give a file that ends with ${Object.keys(readers).join(', ')}`);
  const bytes = await readBounded(resolve(cwd, name), mostBytes).catch((error: NodeJS.ErrnoException) => {
    throw usage(`${name}: the file cannot be read (${problems[error.code ?? ''] ?? error.code})`);
  });
  const rows = read(decode(bytes, name), name);
  if (rows.length === 0) throw usage(`${name}: there is no row in it`);
  return rows;
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EFBIG: 'it is larger than 256 MiB: split it',
  'not regular': 'it is not a regular file',
};

/** Without the mark that some programs put before it. */
function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw usage(`${name}: this is not UTF-8 text; save it as "CSV UTF-8"`);
  }
}

/** A line that some spreadsheets write and read before the table, to say what stands between its columns. */
const separatorLine = /^"?sep=(.)"?\n/i;

/** Where commas are decimal signs, spreadsheets put semicolons between the columns. Inside quotes a sign means itself. */
function delimiterOf(text: string): string {
  const [header = ''] = text.replace(/"(?:[^"]|"")*"/g, '').split('\n', 1);
  return [',', ';', '\t'].find((sign) => header.includes(sign)) ?? ',';
}

/** All lines end alike before the text is read: a reader that guesses from the first line would take the others for one. */
function readCsv(given: string, name: string, usual?: string): Row[] {
  const whole = given.replace(/\r\n?/g, '\n');
  const text = whole.replace(separatorLine, '');
  const delimiter = separatorLine.exec(whole)?.[1] ?? usual ?? delimiterOf(text);
  const [header = [], ...records] = parseCsv(text, name, delimiter);
  // Columns at the end that have neither a name nor a value are left over in a spreadsheet.
  const width = header.findLastIndex((column) => column.trim() !== '') + 1;
  return records.flatMap((values, index): Row[] => {
    const number = index + 2;
    if (values.every(isBlank)) return [];
    if (values.length >= width && values.length <= header.length && values.slice(width).every(isBlank))
      return [{ number, cells: header.slice(0, width).map((column, at) => [column, values[at]]) }];
    throw usage(
      `${name}, row ${number}: it has ${values.length} values for ${width} columns; a text that contains ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`} needs quotes around it`,
    );
  });
}

const isBlank = (value: string): boolean => value.trim() === '';

function parseCsv(text: string, name: string, delimiter: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\n' });
  const [first] = errors;
  if (!first) return data;
  throw usage(`${name}, row ${(first.row ?? 0) + 1}: this is not CSV: ${first.message}`);
}

function readJsonLines(text: string, name: string): Row[] {
  return text.split('\n').flatMap((line, index): Row[] => {
    if (line.trim() === '') return [];
    const number = index + 1;
    const value = parseJson(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return [{ number, cells: Object.entries(value) }];
    }
    throw usage(`${name}, row ${number}: every line must be one JSON object, such as {"prompt": "a fox"}`);
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
