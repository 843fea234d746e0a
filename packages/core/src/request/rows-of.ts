import type { Family, ModelRow } from '../contract/family.ts';

export interface FoundModel {
  readonly family: Family;
  readonly row: ModelRow;
}

/** What was found before: every call asks for its models several times, and a list of families never changes. */
const found = new WeakMap<readonly Family[], Map<string, readonly FoundModel[]>>();

/** The rows that answer to an id, the host's own or a portable one, in the order of the families. */
export function rowsOf(families: readonly Family[], modelId: string): readonly FoundModel[] {
  const known = found.get(families) ?? new Map<string, readonly FoundModel[]>();
  const before = known.get(modelId);
  if (before) return before;
  const rows = families.flatMap((family) =>
    family.models
      .filter(({ native, ids }) => native === modelId || ids.includes(modelId))
      .map((row) => ({ family, row })),
  );
  // Ids that are in no table are without number.
  if (rows.length > 0) found.set(families, known.set(modelId, rows));
  return rows;
}
