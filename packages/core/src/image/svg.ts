import type { Size } from '../contract/request.ts';
import { isWhole, type Markup, readMarkup, startMarkup } from './markup.ts';
import type { Follower } from './walk.ts';

/** Programs that draw may declare the address of the namespace as an entity. */
const namespace = /^(http:\/\/www\.w3\.org\/2000\/svg|&[\w.-]+;)$/;
/** No characters of XML. */
const binary = /(?![\t\n\r\x7f-\x9f])\p{Cc}/u;
/** Bytes in which the root is looked for. */
const headLength = 64 * 1024;

/** Follows an SVG file: UTF-8, one root element `svg` with its end, and beside it only space, comments and a doctype. */
export function followSvg(): Follower {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const markup = startMarkup();
  let rest: string | undefined = '';
  const read = (piece?: Uint8Array): void => {
    try {
      const text = decoder.decode(piece, { stream: piece !== undefined });
      rest = rest === undefined || binary.test(text) ? undefined : readMarkup(markup, rest + text);
    } catch {
      rest = undefined;
    }
    if (markup.isRootRead && !isSvg(markup)) rest = undefined;
  };
  return {
    take(piece) {
      if (rest !== undefined) read(piece);
      return rest !== undefined;
    },
    end() {
      read();
      return rest === '' && isWhole(markup) ? 'whole' : undefined;
    },
  };
}

/** Width and height where they are in pixels, else those of the `viewBox`; undefined if the file's beginning has neither. */
export function readSvg(bytes: Uint8Array): Size | undefined {
  const markup = startMarkup();
  readMarkup(markup, new TextDecoder().decode(bytes.subarray(0, headLength)));
  if (!markup.isRootRead || !isSvg(markup)) return undefined;
  const { width, height, viewBox = '' } = attributesOf(markup.root);
  const [, , boxWidth, boxHeight] = viewBox.trim().split(/[\s,]+/);
  return toSize(width, height) ?? toSize(boxWidth, boxHeight);
}

function toSize(...sides: readonly [string | undefined, string | undefined]): Size | undefined {
  const [width = 0, height = 0] = sides.map((side) => {
    const [, pixels] = /^\s*\+?(\d{1,7}(?:\.\d{1,20})?)(?:px)?\s*$/.exec(side ?? '') ?? [];
    return Math.round(Number(pixels ?? 0));
  });
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** The root is `svg`, of the namespace of SVG if it names one, and the doctype is no other. */
function isSvg({ root, doctype }: Markup): boolean {
  const [, prefix, name] = /^<(?:([^\s/>:]+):)?([^\s/>]+)/.exec(root) ?? [];
  const declared = attributesOf(root)[prefix === undefined ? 'xmlns' : `xmlns:${prefix}`];
  return name === 'svg' && /^$|^(.*:)?svg$/.test(doctype) && (declared === undefined || namespace.test(declared));
}

function attributesOf(tag: string): Readonly<Record<string, string>> {
  const found = tag.matchAll(/(?<=[\s"'])([^\s"'=/<>]{1,255})\s{0,255}=\s{0,255}(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries([...found].map(([, key, double, single]) => [key, double ?? single]));
}
