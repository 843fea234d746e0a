import { toMarkdown } from '../report.ts';

/** Whom the first table of the page compares, in its order. */
const columns = {
  node: 'imageport, node transport',
  default: 'imageport',
  wavespeed: '`wavespeed`',
  fal: '`@fal-ai/client`',
  replicate: '`replicate`',
  ai: '`ai`, replicate',
} as const;

export type Compared = keyof typeof columns;

/** One line of the first table: what something costs with each client, as far as it was measured. */
export interface CostLine {
  readonly what: string;
  readonly costs: Readonly<Partial<Record<Compared, string>>>;
}

/** Reads a line off rows that name their client; `names` are the names that the part uses. */
export function costLine<Row>(
  what: string,
  names: Readonly<Partial<Record<Compared, string>>>,
  find: (name: string) => Row | undefined,
  show: (row: Row) => string,
): CostLine {
  const entries = Object.entries(names).flatMap(([client, name]) => {
    const row = find(name);
    return row === undefined ? [] : [[client, show(row)]];
  });
  return { what, costs: Object.fromEntries(entries) };
}

/** What imageport costs against the clients that people use, on one screen. */
export function summaryTable(lines: readonly CostLine[]): string {
  const clients = Object.keys(columns) as Compared[];
  return toMarkdown({
    head: ['', ...clients.map((client) => columns[client])],
    rows: lines.map(({ what, costs }) => [what, ...clients.map((client) => costs[client] ?? '–')]),
  });
}
