import { fold, lineWidth, strokes } from './glyphs.ts';
import type { Size } from './request.ts';

/** Signs in a line, and lines, that can be read at a glance. A short text is drawn larger. */
const longestLine = 28;
const shortestLine = 16;
const mostLines = 5;
const lineHeight = 11;

/** The words of the prompt across the upper part of a picture, so that everybody finds their own. */
export function caption({ width, height }: Size, prompt: string): string {
  const text = fold(prompt);
  if (text === '') return '';
  const lines = wrap(text, Math.min(longestLine, Math.max(shortestLine, text.length)));
  const widest = Math.max(...lines.map(lineWidth), lineWidth('x'.repeat(shortestLine)));
  const scale = Math.min((width * 0.86) / widest, (height * 0.42) / (lines.length * lineHeight));
  const drawn = lines
    .map(
      (line, index) => `<g transform="translate(${-lineWidth(line) / 2} ${index * lineHeight})">${strokes(line)}</g>`,
    )
    .join('');
  const style = 'fill="none" stroke-linecap="round" stroke-linejoin="round"';
  return `<g transform="translate(${width / 2} ${height * 0.08}) scale(${scale})" ${style}>
    <g stroke="#000" stroke-opacity=".4" stroke-width="2">${drawn}</g>
    <g stroke="#fff" stroke-width=".8">${drawn}</g>
  </g>`;
}

/** Lines of whole words; a word that is longer than a line is cut, and a text that is longer than all lines ends in dots. */
function wrap(text: string, longest: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((each) => cut(each, longest))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= longest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `${lines[mostLines - 1]?.slice(0, longest - 3)}...`];
}

const cut = (word: string, longest: number): string[] =>
  Array.from({ length: Math.ceil(word.length / longest) }, (_, index) =>
    word.slice(index * longest, (index + 1) * longest),
  );
