import { ImageError } from '../errors/image-error.ts';
import { createRedaction, type Redaction } from './redaction.ts';

/** Holds an API key so that it cannot be printed by accident: it shows itself only to `reveal`. */
export class Secret {
  readonly #value: string;
  readonly #redaction: Redaction;

  /** Takes visible ASCII; white space around it is cut. Throws `invalid_request` without quoting the value. */
  constructor(value: string, owner: string) {
    this.#value = typeof value === 'string' ? value.trim() : '';
    this.#redaction = createRedaction(this.#value);
    if (/^[\x21-\x7e]+$/.test(this.#value)) return;
    const problem =
      this.#value === '' ? 'is empty or no text' : 'contains spaces, line breaks or characters outside ASCII';
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

  /** Takes the key out of what a host says. */
  get redaction(): Redaction {
    return this.#redaction;
  }

  /** The text without the key, should a host quote it. */
  redact(text: string): string {
    return this.#redaction.text(text);
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
