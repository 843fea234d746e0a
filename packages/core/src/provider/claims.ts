/** Jobs that are known to belong to somebody: never adopted by another intent. */
export interface Claims {
  add(jobId: string): void;
  has(jobId: string): boolean;
}

/** A host's list is searched for minutes, not for days: the newest are enough. */
const mostKept = 100_000;

export function createClaims(): Claims {
  const ids = new Set<string>();
  return {
    add(jobId) {
      ids.add(jobId);
      if (ids.size > mostKept) ids.delete(ids.values().next().value ?? '');
    },
    has: (jobId) => ids.has(jobId),
  };
}
