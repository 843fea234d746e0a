import type { Size } from '../contract/request.ts';

/** Distances of ratios are those of their logarithms: 1:2 is as far from 1:1 as 2:1. */
export const nearestRatio = (ratios: readonly string[], wanted: number): string =>
  nearest(ratios, (ratio) => Math.abs(Math.log(toNumber(ratio) / wanted)));

export function nearest<T>(all: readonly T[], distance: (each: T) => number): T {
  return all.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

export function parts(ratio: string): [number, number] {
  const [w = 1, h = 1] = ratio.split(':').map(Number);
  return [w, h];
}

export const toNumber = (ratio: string): number => parts(ratio)[0] / parts(ratio)[1];

/** A ratio in lowest terms. */
export function reduce({ width, height }: Size): string {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(width, height);
  return `${width / common}:${height / common}`;
}

/** Ratios that hosts write by another name than in lowest terms. */
const names: Readonly<Record<string, string>> = { '7:3': '21:9', '3:7': '9:21', '8:5': '16:10', '5:8': '10:16' };

/** A ratio in lowest terms as hosts write it. */
export const usual = (ratio: string): string => names[ratio] ?? ratio;

export const showSize = ({ width, height }: Size): string => `${width}*${height}`;
