import type { ImageError } from '@imageport/core';
import { InvalidArgumentError } from 'commander';
import { usage } from './usage.ts';

/** Reads the value of a flag for a port. */
export function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

/** Why a port cannot be had. */
export function portProblem(port: number, { code }: NodeJS.ErrnoException): ImageError {
  const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${code})`;
  return usage(`The port ${port} ${problem}: give --port another, or 0 for a free one`);
}
