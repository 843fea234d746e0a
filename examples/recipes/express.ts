// A server of Express that answers with the address of a finished picture.
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import { toFailure } from './failure.ts';
import { toOrder } from './order.ts';
import { makePicture, type Pictures } from './pictures.ts';
import { untilPaid } from './until-paid.ts';

export interface ImageApp extends Pictures {
  /** Who asks, from your session: whoever may call this route spends your money. */
  readonly userOf: (request: Request) => Promise<string | undefined>;
  /** Receives what the browser is not told. */
  readonly log: (error: unknown) => void;
}

export function createImageApp({ userOf, log, ...pictures }: ImageApp): Express {
  const app = express();
  app.disable('x-powered-by');

  app.post('/images', express.json({ limit: '16kb' }), async (request, response) => {
    const left = new AbortController();
    response.on('close', () => left.abort());
    const order = await toOrder(await userOf(request), request.get('idempotency-key'), request.body);
    const url = await makePicture(pictures, order, untilPaid(left.signal));
    response.status(201).location(url).json({ url });
  });

  // Express knows an error handler by its four parameters.
  const onError: ErrorRequestHandler = (error, _request, response, next) => {
    log(error);
    if (response.headersSent) return next(error);
    const { status, headers, failure } = toFailure(error);
    response.status(status).set(headers).json(failure);
  };
  app.use(onError);
  return app;
}
