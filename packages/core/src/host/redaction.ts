import type { Secret } from './secret.ts';
import { findSpellings, prepareSearch, type Search } from './spelling-search.ts';
import { leastLength, type Spellings, spell } from './spellings.ts';

/** Takes a secret out of what others say, however they spell it. */
export interface Redaction {
  /** A text without the secret. */
  text(text: string): string;
  /** The same for a text that was cut off: its end may be the beginning of the secret. */
  cutText(text: string): string;
  /** Plain data without the secret in any text or name. What needs no change is given back as it is. */
  value(value: unknown): unknown;
  /** Puts the secret back where its own host named something with it. */
  restore(text: string): string;
}

/** Data of a host is not deeper; whatever is, is left out. */
const mostDepth = 200;
const placeholder = /\[redacted(?::\d+)?\]|%5Bredacted(?:%3A\d+)?%5D/gi;
const redacted = '[redacted]';

export function createRedaction(secret: string): Redaction {
  if (secret.length < leastLength) return plainRedaction(secret);
  let prepared: (Search & Pick<Spellings, 'exact'>) | undefined;
  const known = (): NonNullable<typeof prepared> => {
    if (!prepared) {
      const { all, exact } = spell(secret);
      prepared = { ...prepareSearch(all), exact };
    }
    return prepared;
  };
  const take = (text: string, cut: boolean): string => {
    const { exact } = known();
    let shown = '';
    let from = 0;
    for (const { start, end } of findSpellings(text, known(), cut, exact.keys())) {
      shown += text.slice(from, start) + (exact.get(text.slice(start, end)) ?? redacted);
      from = end;
    }
    return from === 0 ? text : shown + text.slice(from);
  };
  // No spelling is shorter than the secret itself.
  const text = guard((text: string) => (text.length < secret.length ? text : take(text, false)));
  return {
    text,
    cutText: guard((text: string) => take(text, true)),
    value: guard((value: unknown) => (isClean(value, text, mostDepth) ? value : redactValue(value, text, mostDepth))),
    restore: (named) =>
      named.replace(placeholder, (found) => {
        const plain = decodeURIComponent(found).toLowerCase();
        for (const [each, name] of known().exact) {
          if (name === plain) return found.startsWith('%') ? encodeURIComponent(each) : each;
        }
        return found;
      }),
  };
}

/** What was not read to its end may contain the secret, and so may the error that ended it: nothing of either is shown. */
function guard<In, Out>(clean: (given: In) => Out): (given: In) => Out | typeof redacted {
  return (given) => {
    try {
      return clean(given);
    } catch {
      return redacted;
    }
  };
}

/** Takes the key of an account out of what its host says. */
export function redactionOf(key: Secret): Redaction {
  const redaction = ofKeys.get(key) ?? createRedaction(key.reveal());
  ofKeys.set(key, redaction);
  return redaction;
}

const ofKeys = new WeakMap<Secret, Redaction>();

/** So short a key is taken out of words as it is; looking for it in data would break names and addresses. */
function plainRedaction(secret: string): Redaction {
  const text = (text: string): string => (secret === '' ? text : text.replaceAll(secret, '[redacted]'));
  return { text, cutText: text, value: (value) => value, restore: (named) => named };
}

function redactValue(value: unknown, text: Redaction['text'], levels: number): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) {
    const members = value.map((member) => redactValue(member, text, levels - 1));
    return members.some((member, index) => member !== value[index]) ? members : value;
  }
  let changed = false;
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => {
    const entry: [string, unknown] = [text(name), redactValue(member, text, levels - 1)];
    changed ||= entry[0] !== name || entry[1] !== member;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : value;
}

/** Most data needs no change, and looking costs less than copying. */
function isClean(value: unknown, text: Redaction['text'], levels: number): boolean {
  if (typeof value === 'string') return text(value) === value;
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    for (const member of value) if (!isClean(member, text, levels - 1)) return false;
    return true;
  }
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (text(name) !== name || !isClean(member, text, levels - 1)) return false;
  }
  return true;
}
