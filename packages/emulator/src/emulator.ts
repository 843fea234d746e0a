import type { Server } from 'node:http';
import type { Fault } from './faults/fault.ts';
import type { UnfiredFault } from './faults/plan.ts';
import { createFetch } from './http/in-process.ts';
import { createListener, type Listening, listen, shut } from './http/server.ts';
import { type Charge, type JobRecord, toCharge, toRecord } from './jobs/report.ts';
import type { EmulatorOptions, Host } from './options.ts';
import { createWorld, forget, type RequestRecord } from './world.ts';

/** What a provider needs to talk to the emulator instead of the host. */
export interface ProviderOptions {
  apiKey: string;
  baseUrl: string;
  fetch?: typeof fetch;
}

export interface Emulator {
  /** Answers in the process, without any socket. */
  readonly fetch: typeof fetch;
  readonly wavespeed: ProviderOptions;
  readonly apiframe: ProviderOptions;
  /** Opens a port on 127.0.0.1; from then on `wavespeed` and `apiframe` point at it. */
  listen(port?: number): Promise<Listening>;
  /** One entry for every accepted job. */
  charges(): Charge[];
  jobs(): JobRecord[];
  requests(): RequestRecord[];
  /** Plans faults, after those already planned. */
  inject(...faults: Fault[]): void;
  /** The planned faults that have not happened, with the times left. */
  unfired(): UnfiredFault[];
  /** Forgets jobs, charges, requests and faults. */
  reset(): void;
  /** Ends everything that is open or waiting. */
  close(): Promise<void>;
}

/** Both hosts on this machine: real pictures, counted charges, faults on command. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const world = createWorld(options);
  world.faults.add(options.faults ?? []);
  const inProcess = createFetch(world);
  let server: Server | undefined;
  let url: string | undefined;

  const provider = (host: Host): ProviderOptions => {
    const [apiKey] = world.settings.keys[host];
    return url === undefined
      ? { apiKey, baseUrl: `http://localhost/${host}`, fetch: inProcess }
      : { apiKey, baseUrl: `${url}/${host}` };
  };

  return {
    fetch: inProcess,
    get wavespeed() {
      return provider('wavespeed');
    },
    get apiframe() {
      return provider('apiframe');
    },
    listen: async (port = 0) => {
      if (server) throw new Error('The emulator is listening already.');
      server = createListener(world);
      const listening = await listen(server, port);
      url = listening.url;
      return listening;
    },
    charges: () => world.jobs.all().map((job) => toCharge(job, world.settings)),
    jobs: () => world.jobs.all().map(toRecord),
    requests: () => [...world.requests],
    inject: (...faults) => world.faults.add(faults),
    unfired: () => world.faults.unfired(),
    reset: () => forget(world),
    close: async () => {
      world.timers.close();
      const open = server;
      server = undefined;
      url = undefined;
      if (open) await shut(open);
    },
  };
}
