import { css, mix } from './color.ts';
import type { Canvas } from './sky.ts';

/** Water from the horizon down: it mirrors the sky, and the light lies on it as a path of glints. */
export function sea(canvas: Canvas): string {
  const { width, height, horizon, palette } = canvas;
  const [zenith = palette.ground] = palette.sky;
  const far = css(mix(palette.sky.at(-1) ?? zenith, palette.ground, 0.25));
  const middle = css(mix(palette.sky.at(-2) ?? zenith, zenith, 0.5));
  return `<linearGradient id="sea" x2="0" y2="1"><stop stop-color="${far}"/><stop offset=".25" stop-color="${middle}"/>
    <stop offset="1" stop-color="${css(mix(zenith, palette.ground, 0.7))}"/></linearGradient>
    <rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#sea)"/>
    ${ripples(canvas)}${glints(canvas)}`;
}

function glints({ height, horizon, sun, palette, random }: Canvas): string {
  const glint = () => {
    const depth = random() ** 1.4;
    const reach = sun.radius * (0.7 + 2.4 * depth);
    const x = sun.x + (random() + random() - 1) * reach;
    const rx = (6 + 34 * depth) * (0.4 + random());
    return ellipse(x, horizon + 3 + depth * (height - horizon), rx, 0.8 + 2.2 * depth, 0.75 - 0.5 * depth);
  };
  return `<g fill="${css(palette.light)}">${Array.from({ length: 150 }, glint).join('')}</g>`;
}

function ripples({ width, height, horizon, palette, random }: Canvas): string {
  const ripple = () => {
    const depth = random();
    return ellipse(
      random() * width,
      horizon + depth * (height - horizon),
      30 + 150 * depth * random(),
      0.6 + 2 * depth,
      0.16,
    );
  };
  const colors = [css(palette.sky.at(-1) ?? palette.light), css(palette.ground)];
  return colors.map((color) => `<g fill="${color}">${Array.from({ length: 70 }, ripple).join('')}</g>`).join('');
}

const ellipse = (x: number, y: number, rx: number, ry: number, opacity: number): string =>
  `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${rx.toFixed(1)}" ry="${ry.toFixed(2)}" fill-opacity="${opacity.toFixed(2)}"/>`;

/** A small boat, a little off the middle. */
export function boat({ width, height, horizon, sun, palette, random }: Canvas): string {
  const x = width * (sun.x > width / 2 ? 0.3 : 0.7) + (random() - 0.5) * 80;
  const scale = 0.7 + 0.5 * random();
  const dark = css(mix(palette.ground, [0, 0, 0], 0.3));
  const sail = css(mix(palette.light, palette.sky.at(-2) ?? palette.light, 0.25));
  return `<g transform="translate(${x} ${horizon + (height - horizon) * 0.16}) scale(${scale})">
    <path d="M-34 0H40L28 15H-24Z" fill="${dark}"/><path d="M2 -4V-86L36 -4Z" fill="${sail}"/>
    <path d="M-3 -4V-70L-26 -4Z" fill="${sail}" fill-opacity=".85"/><path d="M-30 19H34L22 24H-18Z" fill="${dark}" fill-opacity=".25"/></g>`;
}
