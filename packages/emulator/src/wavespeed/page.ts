export interface Page {
  readonly number: number;
  cut<T>(items: readonly T[]): T[];
}

/** Reads `page` and `page_size`, which every search must name. */
export function readPage(query: Readonly<Record<string, unknown>>): Page | { problem: string } {
  const { page, page_size: size } = query;
  if (!isWithin(page, 1, Infinity)) return { problem: 'property "page" must be an integer from 1' };
  if (!isWithin(size, 1, 100)) return { problem: 'property "page_size" must be an integer from 1 to 100' };
  return { number: page, cut: (items) => items.slice((page - 1) * size, page * size) };
}

function isWithin(value: unknown, minimum: number, maximum: number): value is number {
  return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
}
