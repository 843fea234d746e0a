import { createRandom, hash } from '../random.ts';
import { caption } from './caption.ts';
import type { Subject } from './draw.ts';
import { label } from './label.ts';
import { pines, ridges } from './land.ts';
import { choosePalette } from './palette.ts';
import type { Size } from './request.ts';
import { boat, sea } from './sea.ts';
import { type Canvas, clouds, sky, stars, sun } from './sky.ts';

const wet = /sea|ocean|lighthouse|beach|island|harbou?r|boat|ship|lake|coast|wave/;
const wooded = /forest|tree|wood|pine|jungle|winter|fox|deer|bear/;

/** One landscape for one prompt, model and seed, as an SVG of the given pixels. */
export function toSvg({ prompt, model, seed, captioned }: Subject, size: Size): string {
  const unit = Math.min(size.width, size.height) / 1000;
  const canvas = compose(
    prompt,
    createRandom(hash(`${model}\n${seed}\n${prompt}`)),
    size.width / unit,
    size.height / unit,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
    <g transform="scale(${unit})">${paint(canvas, prompt.toLowerCase())}</g>${captioned ? caption(size, prompt) : ''}${label(size, model)}</svg>`;
}

function compose(prompt: string, random: () => number, width: number, height: number): Canvas {
  const palette = choosePalette(prompt, random(), random());
  const horizon = height * (0.52 + 0.12 * random());
  // On a third, so that the light does not sit in the middle.
  const third = random() < 0.5 ? 1 / 3 : 2 / 3;
  const x = width * (third + (random() - 0.5) * 0.12);
  const y = horizon * (palette.night ? 0.22 + 0.25 * random() : 0.45 + 0.38 * random());
  return { width, height, horizon, palette, random, sun: { x, y, radius: 42 + 34 * random() } };
}

function paint(canvas: Canvas, words: string): string {
  const { random, horizon, height } = canvas;
  const above = [sky, stars, sun, clouds].map((part) => part(canvas)).join('');
  const mood = random();
  if (wet.test(words) || (!wooded.test(words) && mood < 0.35)) {
    const shore = ridges({ ...canvas, horizon: horizon - 12 }, 2, random() < 0.5, horizon + 14);
    return above + shore + sea(canvas) + boat(canvas);
  }
  const jagged = random() < 0.6;
  const land = ridges(canvas, 5, jagged, height * 0.97);
  return above + land + (wooded.test(words) || mood > 0.55 ? pines(canvas) : '');
}
