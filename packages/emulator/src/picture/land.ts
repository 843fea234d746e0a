import { css, mix } from './color.ts';
import type { Canvas } from './sky.ts';

const step = 8;

/** Ridges one behind the other; the farther, the more they fade into the air. */
export function ridges(canvas: Canvas, count: number, jagged: boolean, bottom: number): string {
  const { horizon, palette } = canvas;
  const air = palette.sky.at(-1) ?? palette.light;
  const layer = (_: unknown, index: number) => {
    const near = (index + 1) / count;
    const top = horizon + (bottom - horizon) * (index / count) ** 1.15;
    const relief = (jagged ? 150 : 85) * (1.1 - 0.55 * near);
    const color = mix(air, palette.ground, 0.22 + 0.78 * near ** 1.1);
    return ridge(canvas, top, relief, jagged && index < count - 1, css(color), css(mix(color, air, 0.35)), index);
  };
  return Array.from({ length: count }, layer).join('');
}

function ridge(canvas: Canvas, top: number, relief: number, jagged: boolean, color: string, mist: string, id: number) {
  const { width, height } = canvas;
  const line = skyline(canvas.random, jagged);
  const points: string[] = [];
  for (let x = 0; x <= width + step; x += step) points.push(`${x} ${(top - relief * line(x / 1000)).toFixed(1)}`);
  return `<linearGradient id="ridge${id}" x2="0" y1="${top - relief}" y2="${top + relief * 1.6}" gradientUnits="userSpaceOnUse">
    <stop stop-color="${color}"/><stop offset="1" stop-color="${mist}"/></linearGradient>
    <path d="M0 ${height}L${points.join('L')}L${width + step} ${height}Z" fill="url(#ridge${id})"/>`;
}

/** A height between about -1 and 1 for every place: a few waves, each finer and lower than the one before. */
function skyline(random: () => number, jagged: boolean): (place: number) => number {
  const waves = Array.from({ length: jagged ? 6 : 4 }, (_, octave) => ({
    frequency: (1.6 + random()) * 2.1 ** octave,
    phase: random() * Math.PI * 2,
    strength: (jagged ? 0.6 : 0.42) ** octave,
  }));
  const total = waves.reduce((sum, { strength }) => sum + strength, 0);
  // The fold of a sine has the sharp tops of mountains.
  const shape = (angle: number) => (jagged ? 1 - 2 * Math.abs(Math.sin(angle / 2)) : Math.sin(angle));
  return (place) =>
    waves.reduce((sum, { frequency, phase, strength }) => sum + strength * shape(place * frequency * 2 + phase), 0) /
    total;
}

/** Pines on the nearest ground, in loose groups, tallest at the sides so that the middle stays open. */
export function pines({ width, height, palette, random }: Canvas): string {
  const tree = () => {
    const side = random() < 0.5 ? random() ** 1.6 * 0.42 : 1 - random() ** 1.6 * 0.42;
    const tall = (70 + 120 * random()) * (0.55 + Math.abs(side - 0.5) * 1.3);
    const foot = height - 70 + 90 * random();
    return { x: side * width, tall, foot };
  };
  const draw = ({ x, tall, foot }: ReturnType<typeof tree>) => {
    const tier = (from: number, half: number, to: number) =>
      `M${x} ${foot - tall * from}L${x + tall * half} ${foot - tall * to}L${x - tall * half} ${foot - tall * to}Z`;
    return `<path d="${tier(1, 0.1, 0.62)}${tier(0.78, 0.15, 0.38)}${tier(0.55, 0.2, 0.1)}M${x - 3} ${foot - tall * 0.1}h6v${tall * 0.3}h-6Z"/>`;
  };
  const trees = Array.from({ length: Math.round(width * 0.045) }, tree).sort((a, b) => a.foot - b.foot);
  return `<g fill="${css(mix(palette.ground, [0, 0, 0], 0.35))}">${trees.map(draw).join('')}</g>`;
}
