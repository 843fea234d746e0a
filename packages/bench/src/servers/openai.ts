import { type Protocol, picture } from './protocol.ts';

/** OpenAI's images: one request holds until the picture is done and brings it along. There is no job to ask for later. */
export const openaiProtocol: Protocol = {
  route: (method, path) =>
    method === 'POST' && path === '/v1/images/generations'
      ? {
          phase: 'submit',
          reply: (job) => ({
            status: 200,
            headers: { 'x-request-id': job.id },
            body: {
              created: Math.floor(Date.now() / 1000),
              data: job.empty ? [] : [{ b64_json: picture(job).toString('base64') }],
            },
          }),
        }
      : undefined,
};
