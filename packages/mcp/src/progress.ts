import type { ImageEvent } from '@imageport/core';
import type { ServerContext } from '@modelcontextprotocol/server';

/** Tells a client that asked for it what happens with its pictures. What it does not hear costs no picture. */
export function reportProgress({ mcpReq }: ServerContext): ((event: ImageEvent) => void) | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let progress = 0;
  return (event) => {
    const message = describe(event);
    if (message === undefined) return;
    progress += 1;
    void mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
      .catch(() => undefined);
  };
}

/** No host's own words and no job's address, only what is happening. */
function describe(event: ImageEvent): string | undefined {
  switch (event.type) {
    case 'queued':
      return `queued at ${event.provider}`;
    case 'submitting':
      return `submitting to ${event.provider}:${event.modelId}`;
    case 'retrying':
      return `retrying at ${event.provider}`;
    case 'reconciling':
      return `searching for the job at ${event.provider}`;
    case 'accepted':
      return `accepted by ${event.job.provider}`;
    case 'progress':
      return event.progress === undefined ? event.state : `${event.state}, ${Math.round(event.progress)} %`;
    case 'fallback':
      return `going on with ${event.to}`;
    case 'downloading':
      return 'downloading';
    default:
      return undefined;
  }
}
