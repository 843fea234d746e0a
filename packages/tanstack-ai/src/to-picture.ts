import { type CallOptions, ImageError, type RequestOptions } from '@imageport/core';
import type { ImageGenerationOptions, ImagePart, MediaInputMetadata } from '@tanstack/ai';

/** `modelOptions` of a call: what TanStack AI has no word of its own for, in the words of imageport. */
export type ImageportModelOptions = Omit<RequestOptions, 'prompt' | 'size' | 'images' | 'mask' | 'webhookUrl'> &
  Partial<Pick<CallOptions, 'timeout' | 'maxCost' | 'order' | 'intentId'>>;

export interface Asked {
  /** What the picture is to be; core checks it. */
  readonly picture: Readonly<Record<string, unknown>>;
  readonly behaviour: Partial<CallOptions>;
  readonly intentId: string | undefined;
}

/** A call of TanStack AI in the words of core. Throws `invalid_request` and `unsupported` for what there is no word for. */
export function toPicture(options: ImageGenerationOptions<ImageportModelOptions>): Asked {
  const { prompt, size, modelOptions = {} } = options;
  const { timeout, maxCost, order, intentId, ...picture } = modelOptions;
  const behaviour = Object.entries({ timeout, maxCost, order }).filter(([, value]) => value !== undefined);
  return { picture: { ...picture, size, ...readPrompt(prompt) }, behaviour: Object.fromEntries(behaviour), intentId };
}

/** The words of all parts, and its pictures by what they are for. */
function readPrompt(prompt: ImageGenerationOptions['prompt']) {
  if (typeof prompt === 'string') return { prompt };
  const [words, images, masks]: [string[], Reference[], Reference[]] = [[], [], []];
  for (const part of prompt) {
    if (part.type === 'text') words.push(part.content);
    else if (part.type !== 'image')
      throw refused('unsupported', `\`prompt\` has a part of ${part.type}: no model takes it`);
    else (isMask(part) ? masks : images).push(toReference(part));
  }
  if (masks.length > 1)
    throw refused('invalid_request', '`prompt` has several masks; give the one for its first picture');
  return { prompt: words.join('\n\n'), images, mask: masks[0] };
}

type Reference = string | Uint8Array;
type Part = ImagePart<MediaInputMetadata>;

/** Every other picture is one to go by. What is to stand for something else cannot be told the hosts. */
function isMask({ metadata: { role = 'reference' } = {} }: Part): boolean {
  if (['reference', 'character', 'mask'].includes(role)) return role === 'mask';
  throw refused(
    'unsupported',
    `\`prompt\` has a picture with the role "${role}"; there are reference, character and mask`,
  );
}

function toReference({ source: { type, value } }: Part): Reference {
  if (type === 'url') return value;
  try {
    return Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
  } catch {
    throw refused('invalid_request', '`prompt` has a picture that is no base64; give base64 text or a URL');
  }
}

export const refused = (code: 'invalid_request' | 'unsupported', message: string): ImageError =>
  new ImageError({ code, message, billed: 'no', stage: 'prepare' });
