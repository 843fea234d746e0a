import { ImageError } from '../errors/image-error.ts';

/** Holds an API key so that it cannot be printed by accident: it shows itself only to `reveal`. */
export class Secret {
  readonly #value: string;

  /** Takes up to 16,384 signs of visible ASCII; white space around it is cut. Throws `invalid_request` without quoting the value. */
  constructor(value: string, owner: string) {
    this.#value = typeof value === 'string' ? value.trim() : '';
    const problem = problemOf(this.#value);
    if (problem === undefined) return;
    throw new ImageError({
      code: 'invalid_request',
      message: `The API key of ${owner} ${problem}; copy it again from the host's site`,
      billed: 'no',
      stage: 'prepare',
      provider: owner,
    });
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}

/** No host takes a longer one: it is a file that was given by mistake. */
const longestKey = 16_384;

function problemOf(key: string): string | undefined {
  if (key === '') return 'is empty or no text';
  if (key.length > longestKey) return `is longer than ${longestKey} characters`;
  return /^[\x21-\x7e]+$/.test(key) ? undefined : 'contains spaces, line breaks or characters outside ASCII';
}
