import { type Color, fromHex, mix } from './color.ts';

/** The colours of one hour of the day. */
export interface Palette {
  /** From the zenith down to the horizon. */
  readonly sky: readonly Color[];
  /** The nearest ground; what lies farther fades into the horizon. */
  readonly ground: Color;
  readonly light: Color;
  readonly night: boolean;
}

const hours: readonly [words: RegExp, sky: string, ground: string, light: string, night?: true][] = [
  [/dawn|sunrise|morning|pink/, '#33415f #7d6b91 #d58f8f #f6cf9f #fde9c4', '#2b2c44', '#fff3d6'],
  [/sunset|dusk|evening|red|fire|orange/, '#2a1e4a #6b2f6b #c4506a #f28a4f #fbcf6b', '#1e1430', '#ffe9a8'],
  [/day|noon|summer|blue|beach/, '#2f6fb3 #5b9bd3 #93c3e6 #cfe6f0 #f4f3e4', '#1f4a4d', '#fffbe8'],
  [/night|moon|star|dark|space/, '#070b1f #10193d #1f2f5e #3a4a7d #6d76a3', '#050814', '#f2efdc', true],
  [/winter|snow|ice|fog|mist/, '#5d7186 #8ba0b3 #b9c8d3 #dbe3e8 #f2f0ea', '#33475a', '#ffffff'],
  [/forest|green|spring|jungle/, '#1d4e5f #3c8079 #83b795 #cfdcae #f6eec7', '#12312c', '#fff6cf'],
  [/aurora|neon|magic|dream/, '#0b1030 #123a55 #1d7a74 #62c59b #d8f0bf', '#071426', '#f5ffe9', true],
  [/desert|gold|autumn|dune/, '#3d5a80 #7f8fa6 #d9b48f #f0c987 #fbe7b6', '#4a2a24', '#fff4cc'],
];

/** Colours that suit the words of the prompt; where none tell, `pick` chooses. */
export function choosePalette(prompt: string, pick: number, warmth: number): Palette {
  const told = hours.filter(([words]) => words.test(prompt.toLowerCase()));
  const from = told.length > 0 ? told : hours;
  const [, sky, ground, light, night = false] = from[Math.floor(pick * from.length)] ?? hours[0] ?? never();
  const tint: Color = warmth < 0.5 ? [120, 150, 220] : [240, 160, 130];
  const tinted = (hex: string) => mix(fromHex(hex), tint, 0.16 * Math.abs(warmth - 0.5) * 2);
  return { sky: sky.split(' ').map(tinted), ground: tinted(ground), light: fromHex(light), night };
}

function never(): never {
  throw new Error('The table of hours is empty.');
}
