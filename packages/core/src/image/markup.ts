/** What was read of an XML text so far, and how it goes on. It is one root element, with nothing of weight beside it. */
export interface Markup {
  /** The names of the elements that are open. */
  readonly open: string[];
  /** The root that a doctype names. */
  doctype: string;
  /** The beginning of the tag of the root. */
  root: string;
  isRootRead: boolean;
  parts: number;
  mode: Mode;
}

/** Reads on at the beginning of a text: how many signs it took, 0 if more are needed. Undefined: this is no such text. */
type Mode = (markup: Markup, text: string) => number | undefined;

const name = '[\\p{L}_][\\p{L}\\p{N}_.:-]{0,254}';
const startTag = new RegExp(`<(${name})(?=[\\s/>])`, 'uy');
const endTag = new RegExp(`</(${name})\\s{0,255}>`, 'uy');
const doctype = /<!DOCTYPE\s+([\w.:-]{1,255})(?=[\s[>])[^[>]*(?:\[[^\]]*\]\s*)?>/y;
/** What stands in a tag beside names and quoted values is another language. */
const notInTag = /[^\p{L}\p{N}\s_.:=/-]/u;

/** Of which only the end is of interest. */
const skipped = [
  { from: '<!--', to: '-->', isText: false },
  { from: '<?', to: '?>', isText: false },
  { from: '<![CDATA[', to: ']]>', isText: true },
] as const;

/** Signs that the name of a tag, and one that closes, may have. */
const longestTag = 600;
const longestDoctype = 8192;
const longestRoot = 16_384;
const mostNested = 2000;
/** No picture has so many parts; nobody waits for one that is made of the smallest. */
const mostParts = 2_000_000;

export const startMarkup = (): Markup => ({
  open: [],
  doctype: '',
  root: '',
  isRootRead: false,
  parts: 0,
  mode: content,
});

/** Reads as far as the text goes, and returns what wants more behind it. Undefined: this is no such text. */
export function readMarkup(markup: Markup, text: string): string | undefined {
  let left = text;
  while (left !== '') {
    const size = markup.mode(markup, left);
    if (size === undefined) return undefined;
    if (size === 0) break;
    left = left.slice(size);
  }
  return left;
}

/** The root was closed, and nothing was begun behind it. */
export const isWhole = ({ isRootRead, open, mode }: Markup): boolean =>
  isRootRead && open.length === 0 && mode === content;

function content(markup: Markup, text: string): number | undefined {
  const at = text.indexOf('<');
  if (at !== 0) {
    const between = at < 0 ? text : text.slice(0, at);
    return markup.open.length > 0 || !/\S/.test(between) ? between.length : undefined;
  }
  for (const { from, to, isText } of skipped) {
    if (from.startsWith(text)) return 0;
    if (!text.startsWith(from)) continue;
    return isText && markup.open.length === 0 ? undefined : begin(markup, from.length, until(to));
  }
  if (text.startsWith('</')) return closing(markup, text);
  return text.startsWith('<!') ? declaration(markup, text) : opening(markup, text);
}

function begin(markup: Markup, size: number, mode: Mode): number | undefined {
  markup.mode = mode;
  markup.parts += 1;
  return markup.parts > mostParts || markup.open.length > mostNested ? undefined : size;
}

const until =
  (end: string): Mode =>
  (markup, text) => {
    const at = text.indexOf(end);
    if (at < 0) return Math.max(0, text.length - end.length + 1);
    markup.mode = content;
    return at + end.length;
  };

function declaration(markup: Markup, text: string): number | undefined {
  if (markup.root !== '' || !'<!DOCTYPE'.startsWith(text.slice(0, 9))) return undefined;
  const found = match(doctype, text);
  if (found) {
    markup.doctype = found[1] ?? '';
    return begin(markup, found[0].length, content);
  }
  return text.length < longestDoctype ? 0 : undefined;
}

function closing(markup: Markup, text: string): number | undefined {
  const found = match(endTag, text);
  if (found) return markup.open.pop() === found[1] ? begin(markup, found[0].length, content) : undefined;
  return text.length < longestTag && !text.includes('>') ? 0 : undefined;
}

function opening(markup: Markup, text: string): number | undefined {
  const found = match(startTag, text);
  if (!found) return text.length < longestTag && !/[\s/>]/.test(text) ? 0 : undefined;
  const [tag, called = ''] = found;
  if (markup.open.length === 0 && markup.root !== '') return undefined;
  markup.open.push(called);
  keep(markup, tag);
  return begin(markup, tag.length, within(''));
}

/** Behind the name of a tag, or behind one of its values. `before`: the last sign. */
const within =
  (before: string): Mode =>
  (markup, text) => {
    const at = text.search(/["'<>]/);
    const plain = at < 0 ? text : text.slice(0, at);
    const sign = text.slice(plain.length, plain.length + 1);
    if (notInTag.test(plain) || sign === '<') return undefined;
    keep(markup, plain + sign);
    const last = plain.at(-1) ?? before;
    if (sign === '') markup.mode = within(last);
    else if (sign !== '>') markup.mode = value(sign);
    else {
      if (last === '/') markup.open.pop();
      markup.isRootRead = true;
      markup.mode = content;
    }
    return plain.length + sign.length;
  };

const value =
  (quote: string): Mode =>
  (markup, text) => {
    const at = text.indexOf(quote);
    const taken = at < 0 ? text : text.slice(0, at + 1);
    keep(markup, taken);
    if (at >= 0) markup.mode = within(quote);
    return taken.length;
  };

function keep(markup: Markup, text: string): void {
  const room = longestRoot - markup.root.length;
  if (!markup.isRootRead && room > 0) markup.root += text.slice(0, room);
}

function match(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text);
}
