import { esc, isEscape, nothing, readAt } from './readings.ts';
import { leastLength, type Spelling } from './spellings.ts';

/** Where a secret stands in a text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Signs of a spelling that were read one after the other. */
interface Step {
  readonly spelling: Spelling;
  readonly length: number;
  /** Where the last of them begins. */
  readonly at: number;
  readonly previous: Step | undefined;
  /** So many steps hang on this one. */
  readonly depth: number;
}

/** Ways to have read a text up to one place that are followed. There are more only where somebody made them up. */
const mostSteps = 16;
/** So many characters at the end of a text can be what a limit left of an escape. */
const longestRest = 32;
const cutEscape = new RegExp(
  `^(?:%(?:25){0,3}[0-9a-f]?|\\\\+(?:[ux][0-9a-f]{0,3})?|&(?:amp;?){0,3}#?\\w{0,9}|${esc}\\[[0-?]*|\\ufffd)$`,
  'i',
);

/**
 * Where the spellings of a secret stand in a text, the first place first. The text is read once, in all spellings side by
 * side, each by the search of Knuth, Morris and Pratt: the time grows with the text alone, however long the secret is and
 * whatever the text says. `cut`: the text was cut off, so that at its end the first signs of a spelling are enough. A text
 * that begins like the secret again and again is made to hold up the process: the rest of it is searched for `exact` alone.
 */
export function findSpellings(
  text: string,
  { begun, starts }: Search,
  cut: boolean,
  exact: Iterable<string> = [],
): readonly Place[] {
  let at = findStart(text, 0, starts);
  if (at === text.length) return nowhere;
  const places: Place[] = [];
  const reading = new Reading(text, begun);
  // What was cut off is short, and its end must be looked at.
  const patience = cut ? Number.POSITIVE_INFINITY : leastPatience + text.length / charactersPerStep;
  let rest: number | undefined;
  for (; at < text.length; at = reading.isIdle ? findStart(text, at, starts) : at) {
    if (cut && text.length - at <= longestRest && cutEscape.test(text.slice(at))) rest ??= reading.beginning(at);
    const whole = reading.readOn(at);
    if (whole) [rest] = [undefined, places.push(whole)];
    at = whole?.end ?? at + 1;
    if (reading.steps > patience) return [...places, ...findExact(text, at, exact)];
  }
  if (cut) rest ??= reading.beginning(text.length);
  return rest === undefined ? places : [...places, { start: rest, end: text.length }];
}

const nowhere: readonly Place[] = [];
/** Steps for a text of any length, and characters for each one more: far above what a picture in base64 needs. */
const [leastPatience, charactersPerStep] = [200_000, 64];

/** The first place of each text first, those that begin within another left out. */
function findExact(text: string, from: number, exact: Iterable<string>): readonly Place[] {
  const found: Place[] = [];
  for (const each of exact) {
    for (let start = text.indexOf(each, from); start >= 0; start = text.indexOf(each, start + each.length)) {
      found.push({ start, end: start + each.length });
    }
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  return found.reduce<Place[]>((all, place) => {
    if (place.start >= (all.at(-1)?.end ?? from)) all.push(place);
    return all;
  }, []);
}

/** The spellings of one secret, made ready. */
export interface Search {
  /** Each before its first sign. */
  readonly begun: readonly Step[];
  /** For each pair of characters whether a spelling can begin with it, so that most of a text is passed by at once. */
  readonly starts: Uint8Array;
}

export const prepareSearch = (spellings: readonly Spelling[]): Search => ({
  begun: spellings.map((spelling) => ({ spelling, length: 0, at: 0, previous: undefined, depth: 0 })),
  starts: startsOf(spellings),
});

function startsOf(spellings: readonly Spelling[]): Uint8Array {
  const starts = new Uint8Array(ascii * ascii);
  for (let code = 0; code < ascii; code += 1) if (isEscape(code)) starts.fill(1, code * ascii, (code + 1) * ascii);
  for (const { signs, others } of spellings) {
    for (const first of [signs, others]) {
      const row = first.charCodeAt(0) % ascii;
      for (const second of [signs, others]) starts[pairOf(row, second.charCodeAt(1))] = 1;
      for (let code = 0; code < ascii; code += 1) {
        if (code <= space || code === del || isEscape(code)) starts[pairOf(row, code)] = 1;
      }
    }
  }
  return starts;
}

const [ascii, space, del] = [0x80, 0x20, 0x7f];
/** What is outside ASCII may stand between two signs. */
const pairOf = (code: number, next: number): number => (code % ascii) * ascii + (next < ascii ? next : 0);

function findStart(text: string, from: number, starts: Uint8Array): number {
  const last = text.length - 1;
  let code = text.charCodeAt(from);
  for (let at = from; at < last; at += 1) {
    const next = text.charCodeAt(at + 1);
    if (starts[pairOf(code, next)]) return at;
    code = next;
  }
  return text.length;
}

/** What was read of the spellings up to each place of a text that lies ahead. */
class Reading {
  readonly #text: string;
  readonly #begun: readonly Step[];
  readonly #waiting = new Map<number, Step[]>();
  /** How often a spelling went on. */
  steps = 0;

  constructor(text: string, begun: readonly Step[]) {
    this.#text = text;
    this.#begun = begun;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  /** Where the longest beginning of a spelling starts that was read up to `at`, if it is long enough to be told from words. */
  beginning(at: number): number | undefined {
    const starts = this.#waiting.get(at)?.flatMap((step) => (step.length < leastLength ? [] : [startOf(step)])) ?? [];
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  /** Reads on at `at`. A spelling that is whole ends what was read up to there, and the next one begins behind it. */
  readOn(at: number): Place | undefined {
    const steps = this.#waiting.get(at) ?? none;
    let whole: Place | undefined;
    const go = (step: Step, sign: number, end: number): void => {
      const next = stepOn(step, sign, at);
      if (!next) return;
      this.steps += 1;
      if (next.length < next.spelling.signs.length) this.#wait(next, end);
      else if (!whole || end > whole.end) whole = { start: startOf(next), end };
    };
    readAt(this.#text, at, steps.length > 0, (sign, end) => {
      for (const step of steps) sign === nothing ? this.#wait(step, end) : go(step, sign, end);
      if (sign !== nothing) for (const step of this.#begun) go(step, sign, end);
    });
    if (whole) this.#waiting.clear();
    else this.#waiting.delete(at);
    return whole;
  }

  #wait(step: Step, at: number): void {
    const steps = this.#waiting.get(at);
    if (!steps) this.#waiting.set(at, [step]);
    else if (
      steps.length < mostSteps &&
      !steps.some(({ spelling, length }) => spelling === step.spelling && length === step.length)
    )
      steps.push(step);
  }
}

function stepOn(step: Step, sign: number, at: number): Step | undefined {
  const { signs, others, borders } = step.spelling;
  let { length } = step;
  while (length >= 0 && signs.charCodeAt(length) !== sign && others.charCodeAt(length) !== sign) {
    length = borders[length] as number;
  }
  if (length < 0) return undefined;
  const previous = step.depth > longestChain + 2 * length ? shorten(step, length) : step;
  return { spelling: step.spelling, length: length + 1, at, previous, depth: previous.depth + 1 };
}

const longestChain = 256;

/** The last steps alone: those before them belong to no place any more, and must not be kept with a long text. */
function shorten(step: Step, length: number): Step {
  const kept: Step[] = [];
  for (let each: Step | undefined = step; each && kept.length < length; each = each.previous) kept.push(each);
  const { spelling } = step;
  const before: Step = { spelling, length: 0, at: 0, previous: undefined, depth: 0 };
  return kept.reduceRight<Step>(
    (previous, { length, at }) => ({ spelling, length, at, previous, depth: previous.depth + 1 }),
    before,
  );
}

const none: readonly Step[] = [];

/** Where the first of its signs begins. */
function startOf(step: Step): number {
  let first = step;
  for (let left = step.length; left > 1; left -= 1) first = first.previous as Step;
  return first.at;
}
