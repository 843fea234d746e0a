/** The names nearest to a mistyped one: at most three, and none that is nothing like it. */
export function nearTo(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(names)]
    .map((each) => ({ each, distance: distanceTo(wanted, each.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ each }) => each);
}

/** Edits from one to the other; a name that holds the other is near whatever stands around it. */
function distanceTo(a: string, b: string): number {
  const [last] = [b.slice(b.lastIndexOf('/') + 1)];
  if (b.includes(a)) return b === a ? 0 : 1;
  return Math.min(edits(a, b), edits(a, last));
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
