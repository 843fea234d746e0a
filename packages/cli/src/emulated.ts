/**
 * The JSON of a call whose pictures may have been drawn locally: `emulated` stands first, and of what was emulated
 * nothing is billed and everything costs 0, wherever the emulated host's prices stood.
 */
export const withEmulated = (value: object, emulated: boolean): object =>
  emulated ? { emulated, ...(free(value) as object) } : { emulated, ...value };

const nothing = { amount: 0, currency: 'USD', source: 'emulated' } as const;

function free(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(free);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'billed') return [name, 'no'];
      return [name, name === 'cost' ? nothing : free(member)];
    }),
  );
}
