import { hideSignatures } from './signed-address.ts';
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

/** Beyond this a text is a file: it is searched for whole spellings only, and nobody shows its middle. */
const longest = 65_536;
/** Data of a host is not deeper; whatever is, is left out. */
const mostDepth = 200;
const placeholder = /\[redacted(?::\d+)?\]|%5Bredacted(?:%3A\d+)?%5D/gi;

export function createRedaction(secret: string): Redaction {
  if (secret.length < leastLength) return plainRedaction(secret);
  let known: Spellings | undefined;
  const spellings = (): Spellings => {
    known ??= spell(secret);
    return known;
  };
  const nameOf = (found: string): string => spellings().exact.get(found) ?? '[redacted]';
  const inShort = (text: string): string =>
    spellings().begins(text)
      ? spellings()
          .anywhere()
          .reduce((shown, each) => shown.replace(each, nameOf), text)
      : text;
  const text = (text: string): string => {
    // No spelling is shorter than the secret itself.
    if (text.length < secret.length) return text;
    if (text.length <= longest) return inShort(text);
    // The start alone may be shown; a spelling that crosses the border is whole in the first pass.
    const whole = [...spellings().exact].reduce((shown, [each, name]) => shown.replaceAll(each, name), text);
    const start = whole.slice(0, longest);
    const shown = inShort(start);
    // A picture is kept as it is, not as two parts of it.
    return shown === start ? whole : shown + whole.slice(longest);
  };
  return {
    text,
    cutText: (cut) =>
      spellings()
        .atCut()
        .reduce((shown, each) => shown.replace(each, '[redacted]'), text(cut)),
    value: (value) => (isClean(value, text, mostDepth) ? value : redactValue(value, text, mostDepth)),
    restore(named) {
      return named.replace(placeholder, (found) => {
        const plain = decodeURIComponent(found).toLowerCase();
        for (const [each, name] of spellings().exact) {
          if (name === plain) return found.startsWith('%') ? encodeURIComponent(each) : each;
        }
        return found;
      });
    },
  };
}

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
  if (Array.isArray(value)) return value.every((member) => isClean(member, text, levels - 1));
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (text(name) !== name || !isClean(member, text, levels - 1)) return false;
  }
  return true;
}

/** A text fit to be shown or logged: without these secrets as hosts spell them (as it is, encoded or escaped), and without signatures in addresses. */
export function redact(text: string, secrets: readonly string[] = none): string {
  const redactions = prepared.get(secrets) ?? secrets.map(createRedaction);
  prepared.set(secrets, redactions);
  return hideSignatures(redactions.reduce((shown, each) => each.text(shown), text));
}

const none: readonly string[] = [];
/** Who redacts many texts gives the same list, and pays for it once. */
const prepared = new WeakMap<readonly string[], readonly Redaction[]>();
