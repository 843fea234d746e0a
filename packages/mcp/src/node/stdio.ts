import process from 'node:process';
import { type Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio';
import type { ImageServer } from '../server.ts';

export interface StdioOptions {
  /** Where messages come from. @default the process's own */
  readonly stdin?: Readable | undefined;
  /** Where answers go, and nothing else. @default the process's own */
  readonly stdout?: Writable | undefined;
}

export interface StdioServing {
  /** Resolves when the client has left, and what was under way has ended. */
  readonly ended: Promise<void>;
  /** Ends what is under way, then the connection. */
  close(): Promise<void>;
}

/** As long as one message may be, in bytes: a request may have pictures in it. */
const mostBytes = 16 * 1024 * 1024;

/**
 * Serves one client over stdin and stdout. Whatever else the process writes to stdout goes to stderr from then on: a stray line would
 * break the connection.
 */
export function serveStdio(
  images: ImageServer,
  { stdin = process.stdin, stdout = process.stdout }: StdioOptions = {},
): StdioServing {
  let left: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  class Transport extends StdioServerTransport {
    override async close(): Promise<void> {
      await super.close();
      left();
    }
  }
  const transport = new Transport(stdin, stdout === process.stdout ? keepStdout() : stdout, {
    maxBufferSize: mostBytes,
  });
  const connection = serve(images.factory, { transport });
  const ended = gone.then(() => images.close());
  return {
    ended,
    async close() {
      await images.close();
      await connection.close();
      left();
      await ended;
    },
  };
}

/** The process's stdout for the answers alone, from now on. */
function keepStdout(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write;
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => void write.call(stdout, chunk, undefined, done),
  });
  stdout.on('error', (error) => stream.destroy(error));
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  return stream;
}
