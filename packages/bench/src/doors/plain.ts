import type { ImageModelV4, ImageModelV4CallOptions } from '@ai-sdk/provider';
import { errorTraits, generateImage, ImageError, type ImageModel } from '@imageport/core';

/** Where pictures come from, and how long a door waits for one, in milliseconds. */
export interface Kitchen {
  readonly model: ImageModel;
  readonly timeout: number;
}

const statusOf = (error: unknown): number => (ImageError.is(error) ? errorTraits[error.code].http : 500);

/** OpenAI's endpoints as one writes them in half an hour: every request is a new call. */
export function createPlainHandler({ model, timeout }: Kitchen): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const { prompt, images } = await readFields(request);
      const result = await generateImage({ model, prompt, images, timeout });
      const data = await Promise.all(
        result.images.map(async (image) => ({ b64_json: Buffer.from(await image.bytes()).toString('base64') })),
      );
      return Response.json({ created: Math.floor(Date.now() / 1000), data });
    } catch (error) {
      return Response.json({ error: { message: String(error) } }, { status: statusOf(error) });
    }
  };
}

async function readFields(request: Request): Promise<{ prompt: string; images: Uint8Array[] }> {
  if (request.headers.get('content-type')?.startsWith('application/json')) {
    return { prompt: String(((await request.json()) as { prompt?: unknown }).prompt), images: [] };
  }
  const form = await request.formData();
  const files = [...form.getAll('image'), ...form.getAll('image[]')].filter((each) => each instanceof File);
  return {
    prompt: String(form.get('prompt')),
    images: await Promise.all(files.map(async (each) => new Uint8Array(await each.arrayBuffer()))),
  };
}

/** A provider of the AI SDK as one writes it: what goes wrong at the host is an `APICallError` with the host's status. */
export async function createPlainModel({ model, timeout }: Kitchen): Promise<ImageModelV4> {
  const { APICallError } = await import('@ai-sdk/provider');
  const modelId = model.modelId;
  return {
    ...({ specificationVersion: 'v4', provider: 'plain', modelId, maxImagesPerCall: 1 } as const),
    async doGenerate({ prompt = '', abortSignal: signal }: ImageModelV4CallOptions) {
      try {
        const { images } = await generateImage({ model, prompt, timeout, signal });
        const bytes = await Promise.all(images.map((image) => image.bytes()));
        return { images: bytes, warnings: [], response: { timestamp: new Date(), modelId, headers: {} } };
      } catch (cause) {
        const [message, statusCode] = [String(cause), statusOf(cause)];
        throw new APICallError({ message, statusCode, cause, url: 'plain:', requestBodyValues: {} });
      }
    },
  };
}
