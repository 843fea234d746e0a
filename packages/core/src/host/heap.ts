/** Something due at a moment of the monotonic clock, in milliseconds. A cancelled one stays in the heap until its turn. */
export interface Due {
  readonly at: number;
  cancelled: boolean;
}

/** Orders what is due by its moment. Adding and taking the first cost the logarithm of how many there are. */
export interface Heap<T extends Due> {
  /** Entries that are not cancelled. */
  size(): number;
  /** The first that is not cancelled. */
  peek(): T | undefined;
  add(entry: T): void;
  /** Takes off what `peek` shows. */
  pop(): T | undefined;
  cancel(entry: T): void;
}

/** So few cancelled entries are not worth a rebuild. */
const fewest = 64;

export function createHeap<T extends Due>(): Heap<T> {
  let entries: T[] = [];
  let dead = 0;
  const drop = (): void => {
    while (entries[0]?.cancelled) {
      take(entries);
      dead -= 1;
    }
  };
  return {
    size: () => entries.length - dead,
    peek() {
      drop();
      return entries[0];
    },
    add: (entry) => put(entries, entry),
    pop() {
      drop();
      return take(entries);
    },
    cancel(entry) {
      if (entry.cancelled) return;
      entry.cancelled = true;
      dead += 1;
      if (dead < fewest || dead * 2 < entries.length) return;
      const alive = entries.filter(({ cancelled }) => !cancelled);
      entries = [];
      dead = 0;
      for (const each of alive) put(entries, each);
    },
  };
}

function put<T extends Due>(entries: T[], entry: T): void {
  let place = entries.length;
  entries.push(entry);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = entries[parent];
    if (!above || above.at <= entry.at) break;
    entries[place] = above;
    place = parent;
  }
  entries[place] = entry;
}

function take<T extends Due>(entries: T[]): T | undefined {
  const first = entries[0];
  const last = entries.pop();
  if (last === undefined || entries.length === 0) return first;
  let place = 0;
  while (true) {
    const left = entries[2 * place + 1];
    const right = entries[2 * place + 2];
    const child = right && left && right.at < left.at ? right : left;
    if (!child || child.at >= last.at) break;
    entries[place] = child;
    place = child === right ? 2 * place + 2 : 2 * place + 1;
  }
  entries[place] = last;
  return first;
}

export type Line<T extends Due> = Omit<Heap<T>, 'add' | 'pop'> & { push(entry: T): void; shift(): T | undefined };

/** First in, first out. Cancelled entries stay until they come to the front. */
export function createLine<T extends Due>(): Line<T> {
  let entries: (T | undefined)[] = [];
  let head = 0;
  let size = 0;
  const skip = (): void => {
    while (head < entries.length && entries[head]?.cancelled !== false) head += 1;
    if (head < 1_024 && head < entries.length) return;
    entries = entries.slice(head);
    head = 0;
  };
  return {
    size: () => size,
    peek() {
      skip();
      return entries[head];
    },
    push(entry) {
      entries.push(entry);
      size += 1;
    },
    shift() {
      skip();
      const entry = entries[head];
      if (!entry) return undefined;
      entries[head] = undefined;
      head += 1;
      size -= 1;
      return entry;
    },
    cancel(entry) {
      entry.cancelled = true;
      size -= 1;
    },
  };
}
