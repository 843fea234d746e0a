import type { ImageModelV4Result, SharedV4Warning } from '@ai-sdk/provider';
import type { Adaptation, GeneratedImage, GenerateImageResult } from '@imageport/core';
import type { Fetched } from './fetch-images.ts';

interface Made extends Fetched {
  /** What else there is to say. */
  readonly notes: readonly string[];
}

interface Asking {
  readonly timestamp: Date;
  /** It was asked for before. */
  readonly replayed: boolean;
}

/** The answer to a call of the AI SDK: `images` of the metadata has one entry for each picture. */
export function toResult(made: Made, asking: Asking): ImageModelV4Result {
  const { result, files } = made;
  const { intentId, applied, cost } = result;
  const images = [...files.keys()].map((image) => describe(image, result));
  return {
    images: [...files.values()],
    warnings: toWarnings(made),
    providerMetadata: { imageport: { intentId, cost: { ...cost }, images } },
    response: {
      timestamp: asking.timestamp,
      modelId: `${applied.provider}:${applied.model}`,
      headers: {
        'x-imageport-intent-id': intentId,
        ...(asking.replayed ? { 'x-imageport-replayed': 'true' } : {}),
      },
    },
  };
}

/** `cost` is that of the job, which may have made several pictures. What is not known is absent. */
function describe({ url, seed, flagged, job }: GeneratedImage, { attempts }: GenerateImageResult) {
  const cost = attempts.find((attempt) => attempt.job?.id === job.id)?.cost ?? { source: 'unknown' };
  return {
    ...(url === undefined ? {} : { url }),
    ...(seed === undefined ? {} : { seed }),
    ...{ provider: job.provider, model: job.modelId, jobId: job.id, flagged, cost: { ...cost } },
  };
}

function toWarnings({ result, failures, notes }: Made): SharedV4Warning[] {
  const { adaptations } = result.applied;
  const isSaid = (text: string): boolean =>
    adaptations.some(({ option, asked }) => text.startsWith(`\`${option}\` ${asked} `));
  const others = [
    ...result.warnings.filter((text) => !isSaid(text)),
    ...failures.map(({ message }) => message),
    ...notes,
  ];
  return [...adaptations.map(toWarning), ...others.map((message) => ({ type: 'other' as const, message }))];
}

const toWarning = ({ option, asked, sent, reason }: Adaptation): SharedV4Warning =>
  sent
    ? { type: 'compatibility', feature: option, details: `${asked} became ${sent}: ${reason}` }
    : { type: 'unsupported', feature: option, details: `${asked} was left out: ${reason}` };
