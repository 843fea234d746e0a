import type { ImageEvent, Job, Provider } from '@imageport/core';

/** What is under way at the hosts, read from the events, to say truthfully what an interruption leaves behind. */
export interface OpenJobs {
  onEvent(event: ImageEvent): void;
  /** Accepted and not ended in failure. */
  jobs(): readonly Job[];
  /** Hosts to which something was sent without an answer. */
  unanswered(): readonly string[];
}

interface Picture {
  readonly job?: Job;
  readonly sentTo?: string;
}

export function followJobs(): OpenJobs {
  const pictures = new Map<number, Picture>();
  return {
    onEvent(event) {
      if (event.type === 'submitting') pictures.set(event.picture, { sentTo: event.provider });
      if (event.type === 'retrying' || event.type === 'fallback') pictures.delete(event.picture);
      if (event.type === 'accepted') pictures.set(event.picture, { job: event.job });
      if (event.type === 'settled' && (event.billed === 'no' || event.outcome === 'completed')) {
        pictures.delete(event.picture);
      }
    },
    jobs: () => [...pictures.values()].flatMap(({ job }) => job ?? []),
    unanswered: () => [...new Set([...pictures.values()].flatMap(({ sentTo }) => sentTo ?? []))],
  };
}

/** How to look at a paid job without this program. The key stays where it is: in the environment. */
export function howToLook(job: Job, providers: readonly Provider[], baseUrlOf: (name: string) => string): string {
  const adapter = providers.find((each) => each.adapter.name === job.provider)?.adapter;
  if (!adapter) return '';
  const headers = Object.entries(adapter.authorize(`$${adapter.env.apiKey}`));
  const shown = headers.map(([name, value]) => `-H "${name}: ${value}"`).join(' ');
  return `curl ${shown} ${baseUrlOf(job.provider)}${adapter.toPoll(job.id).path}`;
}
