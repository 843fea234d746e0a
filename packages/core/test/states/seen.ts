/** Numbers for texts, by two hashes of 32 bits each: a text takes 24 bytes at most, and one in 10^7 walks errs. */
export function createSeen() {
  let size = 1 << 16;
  let [ones, twos] = [new Uint32Array(size), new Uint32Array(size)];
  let known = new Int32Array(size);
  let count = 0;
  const place = (one: number, two: number): number => {
    let at = (one ^ Math.imul(two, 0x9e3779b1)) >>> 0;
    while (true) {
      at &= size - 1;
      if ((ones[at] === 0 && twos[at] === 0) || (ones[at] === one && twos[at] === two)) return at;
      at += 1;
    }
  };
  const grow = (): void => {
    const [before, others, numbers] = [ones, twos, known];
    size *= 2;
    [ones, twos] = [new Uint32Array(size), new Uint32Array(size)];
    known = new Int32Array(size);
    for (let each = 0; each < before.length; each += 1) {
      const [one, two] = [before[each] as number, others[each] as number];
      if (one === 0 && two === 0) continue;
      const at = place(one, two);
      [ones[at], twos[at], known[at]] = [one, two, numbers[each] as number];
    }
  };
  return {
    /** The number that it has already, or -1: then it has this one. */
    add(text: string, number: number): number {
      let [one, two] = [0xdeadbeef, 0x41c6ce57];
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        one = Math.imul(one ^ code, 2654435761);
        two = Math.imul(two ^ code, 1597334677);
      }
      one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
      two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
      one >>>= 0;
      two = (two >>> 0) | 1;
      two >>>= 0;
      const at = place(one, two);
      if (ones[at] === one && twos[at] === two) return known[at] as number;
      [ones[at], twos[at], known[at]] = [one, two, number];
      count += 1;
      if (count * 2 > size) grow();
      return -1;
    },
  };
}
