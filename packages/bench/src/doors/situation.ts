import { type Fault, faults } from '../fault-table.ts';

/** What happens to one request of a person, which the client may repeat by itself. */
export interface Situation {
  readonly id: string;
  readonly name: string;
  /** What goes wrong at the host. */
  readonly fault?: Fault;
  /** Milliseconds that the job takes. @default that of the fault bench */
  readonly generationTime?: number;
  /** Milliseconds after which the client gives an attempt up. @default its own */
  readonly clientTimeout?: number;
  /** Milliseconds after which the door answers. @default 8000 */
  readonly doorTimeout?: number;
  /** Two requests of the same words: both of them meant, or the second only because the first failed. @default one */
  readonly requests?: 'in turn' | 'at once' | 'after a failure';
}

export const doorTimeout = 8_000;

/** How many pictures are meant: so many submits may be charged at most. */
export const meant = ({ requests }: Situation): number => (requests === 'in turn' || requests === 'at once' ? 2 : 1);

const ofClients: readonly Situation[] = [
  {
    id: 'client-timeout',
    name: 'the client gives up after 1 s, the job takes 2.2 s',
    ...slow(2_200),
    clientTimeout: 1_000,
  },
  {
    id: 'asked-again',
    name: 'the same, and the person asks again when it has failed',
    ...slow(2_200),
    clientTimeout: 1_000,
    requests: 'after a failure',
  },
  { id: 'door-timeout', name: 'the door answers after 1 s, the job takes 2.5 s', ...slow(2_500), doorTimeout: 1_000 },
  { id: 'in-turn', name: 'two equal requests that are meant, in turn', requests: 'in turn' },
  { id: 'at-once', name: 'two equal requests that are meant, at once', requests: 'at once' },
];

function slow(generationTime: number): Pick<Situation, 'generationTime'> {
  return { generationTime };
}

/** Those of clients and doors, and every fault of the host. */
export const situations: readonly Situation[] = [
  ...ofClients,
  ...faults.map((fault) => ({ id: fault.id, name: fault.name, fault })),
];
