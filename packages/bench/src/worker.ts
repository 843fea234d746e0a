// One call of one client, in a thread of its own, so that a call that hangs can be ended for good.
import { parentPort, workerData } from 'node:worker_threads';
import { playCall } from './call.ts';
import { clients } from './clients/index.ts';
import type { Errand, Message } from './message.ts';

const { client: name, target, deadline } = workerData as Errand;
const client = clients.find((each) => each.name === name);
if (!client) throw new Error(`no client ${name}`);
const send = (message: Message): void => parentPort?.postMessage(message);
send({ type: 'reported', ending: await playCall({ client, target, deadline, onTurn: (type) => send({ type }) }) });
