/**
 * Keeps what came last: at least `most` keys, and at most an eighth more. The oldest go many at a time, because a Map or Set
 * passes by everything that was deleted from it whenever it is asked for its first key. `forgotten` is told of each.
 */
export function forgetOldest<Key>(
  kept: Map<Key, unknown> | Set<Key>,
  most: number,
  forgotten?: (key: Key) => void,
): void {
  let over = kept.size - most;
  if (over <= most >> 3) return;
  for (const key of kept.keys()) {
    kept.delete(key);
    forgotten?.(key);
    over -= 1;
    if (over === 0) return;
  }
}
