import type { Fields, HostJob, View } from './host-jobs.ts';
import type { HostName } from './notes.ts';
import type { Random } from './random.ts';

/** A request to a host, taken apart. */
export interface Wire {
  readonly method: string;
  readonly url: URL;
  readonly key: string | undefined;
  readonly body: Fields;
}

export interface Page {
  readonly from: number;
  readonly size: number;
  readonly model?: string | undefined;
  /** By the host's clock. */
  readonly since: number;
  readonly until: number;
  readonly status?: string | undefined;
}

/** What a request asks for. */
export type Asked =
  | { readonly kind: 'submit'; readonly model: string; readonly path: string }
  | { readonly kind: 'poll' | 'picture'; readonly id: string }
  | { readonly kind: 'list'; readonly page: Page }
  | { readonly kind: 'billing'; readonly ids: readonly string[] }
  | { readonly kind: 'free'; readonly body: unknown }
  | { readonly kind: 'nothing' };

/** A listed job with what is shown of it. */
export type Shown = readonly [job: HostJob, view: View, madeAt: string];

/** How a host says what it says: one API's paths and bodies, from its documents. */
export interface Words {
  readonly name: HostName;
  /** Of a submit that was accepted. */
  readonly accepted: number;
  newId(random: Random): string;
  read(wire: Wire): Asked;
  receipt(job: HostJob, view: View): unknown;
  job(shown: Shown, tellsInputs: boolean): unknown;
  list(shown: readonly Shown[], page: Page, more: boolean): unknown;
  billing(shown: readonly Shown[]): unknown;
  refusal(status: number, text: string): unknown;
}

export const pictureHost = '93.184.215.14';
export const pictureUrl = ({ host, id }: HostJob): string => `https://${pictureHost}/${host}/${id}-1.png`;

export const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => random.between(0, 15).toString(16)).join('');
