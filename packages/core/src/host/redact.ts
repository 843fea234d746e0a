import { createRedaction, type Redaction } from './redaction.ts';
import { hideSignatures } from './signed-address.ts';

/** A text fit to be shown or logged: without these secrets as hosts spell them (as it is, encoded or escaped), and without signatures in addresses. */
export function redact(text: string, secrets: readonly string[] = none): string {
  const redactions = prepared.get(secrets) ?? secrets.map(createRedaction);
  prepared.set(secrets, redactions);
  return hideSignatures(redactions.reduce((shown, each) => each.text(shown), text));
}

const none: readonly string[] = [];
/** Who redacts many texts gives the same list, and pays for it once. */
const prepared = new WeakMap<readonly string[], readonly Redaction[]>();
