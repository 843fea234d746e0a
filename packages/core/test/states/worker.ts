import { parentPort, workerData } from 'node:worker_threads';
import { explore } from './explore.ts';
import { worlds } from './worlds.ts';

const { name, most } = workerData as { readonly name: string; readonly most: number };
const setting = worlds[name];
if (!setting) throw new Error(`there is no world "${name}"`);
parentPort?.postMessage(explore(setting, undefined, { states: most }));
