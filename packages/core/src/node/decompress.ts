import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';

/** The body of an answer without its compression, in pieces, so that a bomb can be stopped while it unfolds. */
export function decompress(response: IncomingMessage): Readable {
  const decoder = makeDecoder(response.headers['content-encoding']?.trim().toLowerCase());
  if (!decoder) return response;
  // `pipe` forgets errors, and a reader who leaves must take the connection along.
  response.once('error', (error) => decoder.destroy(error));
  decoder.once('close', () => response.destroy());
  return response.pipe(decoder);
}

function makeDecoder(coding: string | undefined): Transform | undefined {
  if (coding === undefined) return undefined;
  const { constants, createBrotliDecompress, createGunzip, createInflate } = process.getBuiltinModule('node:zlib');
  // A last piece that is missing is told by the length of the body, not by the compression.
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip(flush);
  if (coding === 'deflate') return createInflate(flush);
  const { BROTLI_OPERATION_FLUSH } = constants;
  return coding === 'br'
    ? createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH })
    : undefined;
}
