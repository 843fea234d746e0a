import { css, mix } from './color.ts';
import type { Palette } from './palette.ts';

/** What the parts of a scene share: a canvas whose shorter side is 1000. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly horizon: number;
  readonly sun: { readonly x: number; readonly y: number; readonly radius: number };
  readonly palette: Palette;
  readonly random: () => number;
}

export function sky({ width, height, horizon, palette }: Canvas): string {
  const steps = palette.sky.length - 1;
  const stops = palette.sky.map((color, index) => `<stop offset="${index / steps}" stop-color="${css(color)}"/>`);
  return `<linearGradient id="sky" x2="0" y2="${horizon * 1.04}" gradientUnits="userSpaceOnUse">${stops.join('')}</linearGradient>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>`;
}

export function stars({ width, horizon, palette, random }: Canvas): string {
  if (!palette.night) return '';
  const star = () => {
    const depth = random();
    const radius = 0.5 + 1.7 * random() ** 4;
    return `<circle cx="${random() * width}" cy="${depth ** 1.3 * horizon}" r="${radius}" fill-opacity="${(1 - depth) * (0.4 + random() * 0.6)}"/>`;
  };
  return `<g fill="#fff">${Array.from({ length: Math.round(width * 0.22) }, star).join('')}</g>`;
}

/** Sun or moon, with the glow around it. */
export function sun({ sun: { x, y, radius }, palette }: Canvas): string {
  const light = css(palette.light);
  const glow = (id: string, size: number, strength: number) =>
    `<radialGradient id="${id}"><stop stop-color="${light}" stop-opacity="${strength}"/>
      <stop offset=".35" stop-color="${light}" stop-opacity="${strength * 0.35}"/>
      <stop offset="1" stop-color="${light}" stop-opacity="0"/></radialGradient>
    <circle cx="${x}" cy="${y}" r="${radius * size}" fill="url(#${id})"/>`;
  const disc = `<circle cx="${x}" cy="${y}" r="${radius}" fill="${light}"/>`;
  const craters = [
    [-0.3, -0.2, 0.22],
    [0.25, 0.3, 0.16],
    [0.3, -0.35, 0.1],
    [-0.15, 0.45, 0.12],
  ]
    .map(
      ([dx = 0, dy = 0, r = 0]) =>
        `<circle cx="${x + dx * radius}" cy="${y + dy * radius}" r="${r * radius}" fill="#000" fill-opacity=".06"/>`,
    )
    .join('');
  return glow('far', palette.night ? 5 : 8, 0.5) + glow('near', 2.4, 0.7) + disc + (palette.night ? craters : '');
}

/** Long soft banks, lit from the horizon. */
export function clouds({ width, horizon, palette, random }: Canvas): string {
  const color = css(mix(palette.sky.at(-1) ?? palette.light, palette.light, 0.5));
  const bank = () => {
    const x = random() * width;
    const y = horizon * (0.12 + 0.72 * random());
    const length = 90 + 190 * random();
    const puff = () => {
      const offset = (random() - 0.5) * 2;
      const rx = length * (0.35 + 0.4 * random()) * (1 - Math.abs(offset) * 0.5);
      return `<ellipse cx="${x + offset * length}" cy="${y + (random() - 0.6) * 14}" rx="${rx}" ry="${rx * (0.07 + 0.07 * random())}"/>`;
    };
    return Array.from({ length: 7 }, puff).join('');
  };
  const banks = Array.from({ length: 3 + Math.floor((random() * 4 * width) / 1000) }, bank).join('');
  return `<radialGradient id="cloud"><stop stop-color="${color}" stop-opacity="${palette.night ? 0.1 : 0.34}"/>
    <stop offset=".6" stop-color="${color}" stop-opacity="${palette.night ? 0.05 : 0.16}"/>
    <stop offset="1" stop-color="${color}" stop-opacity="0"/></radialGradient><g fill="url(#cloud)">${banks}</g>`;
}
