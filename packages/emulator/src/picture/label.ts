import { lineWidth, strokes } from './glyphs.ts';
import type { Size } from './request.ts';

const smallest = 1.1;

/** Says in the lower left corner where the picture comes from. Sizes are pixels of the picture. */
export function label({ width, height }: Size, model: string): string {
  const lines = ['drawn locally by imageport emulator', model];
  const wanted = Math.max(smallest, Math.min(width, height) / 560);
  const margin = wanted * 9;
  const scale = Math.min(wanted, (width - 2 * margin) / Math.max(...lines.map(lineWidth)));
  const text = lines.map((line, index) => `<g transform="translate(0 ${index * 11})">${strokes(line)}</g>`).join('');
  const place = `translate(${margin} ${height - margin - scale * 18}) scale(${scale})`;
  const style = 'fill="none" stroke-linecap="round" stroke-linejoin="round"';
  return `<g transform="${place}" ${style}>
    <g stroke="#000" stroke-opacity=".35" stroke-width="2.2">${text}</g>
    <g stroke="#fff" stroke-opacity=".92" stroke-width=".85">${text}</g>
  </g>`;
}
