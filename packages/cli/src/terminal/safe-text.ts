import { stripVTControlCharacters } from 'node:util';

const escapeSign = '\u001b';
const controls = /\p{Cc}/gu;
/** Line breaks as ASCII and as Unicode have them. */
const breaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/gu;
/** What joins the parts of an emoji, or letters of scripts that need it, is part of what is shown. */
const joined = /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\p{Script=Arabic}|\p{M})[\u200c\u200d]/gu;
/** Without a shape of their own: overrides and isolates of direction, what has no width, tags, blank letters, halves. */
const hidden = /\p{Cf}|[\u2028\u2029\u115f\u1160\u3164\uffa0\u2800]|[\ud800-\udfff]|[\u{e0100}-\u{e01ef}]/gu;
const unsafeInJson = /\p{Cc}|[\u2028\u2029]|\p{Cf}|[\u115f\u1160\u3164\uffa0\u2800]|[\u{e0100}-\u{e01ef}]/gu;

/** Any text as one line that a terminal only shows. */
export const oneLine = (text: string): string => visible(withoutSequences(text).replace(breaks, ' '));

/** The same for a text of ours, in which line breaks are meant. */
export const severalLines = (text: string): string => withoutSequences(text).split('\n').map(visible).join('\n');

/** Colours, cursor movements, titles and hyperlinks, whether they begin with two characters or with one. */
const withoutSequences = (text: string): string => stripVTControlCharacters(text.replace(controls, inTwo));

const inTwo = (control: string): string => {
  const code = control.charCodeAt(0);
  return code < 0x80 || control === '\u0085' ? control : `${escapeSign}${String.fromCharCode(code - 0x40)}`;
};

function visible(text: string): string {
  const plain = text.replaceAll('\t', '  ').replace(controls, '');
  let end = 0;
  let shown = '';
  for (const { 0: joiner, index } of plain.matchAll(joined)) {
    shown += plain.slice(end, index).replace(hidden, '') + joiner;
    end = index + joiner.length;
  }
  return shown + plain.slice(end).replace(hidden, '');
}

/** JSON that reads the same, and in which nothing stands that a terminal obeys or hides. */
export const safeJson = (json: string): string =>
  json.replace(unsafeInJson, (sign) =>
    sign === '\n'
      ? sign
      : Array.from({ length: sign.length }, (_, index) => sign.charCodeAt(index).toString(16).padStart(4, '0'))
          .map((code) => `\\u${code}`)
          .join(''),
  );
