import { type ChildProcess, fork } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** An address at which connecting never ends: the queue of the socket is full and nobody accepts. */
export interface Deaf {
  readonly url: string;
  end(): void;
}

/** Connections that fill the queue. */
const fillers = 8;

export async function startDeaf(): Promise<Deaf> {
  const child: ChildProcess = fork(new URL(import.meta.url), { execArgv: [] });
  const port = await new Promise<number>((resolve) => child.once('message', (reported) => resolve(Number(reported))));
  const sockets = Array.from({ length: fillers }, () => fill(port));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    url: `http://127.0.0.1:${port}`,
    end: () => {
      for (const socket of sockets) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

function fill(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

/** Listens, says where, and then does nothing at all for two minutes. */
function beDeaf(): void {
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    process.send?.((server.address() as AddressInfo).port, () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000);
      process.exit();
    });
  });
}

if (process.argv[1] === import.meta.filename) beDeaf();
