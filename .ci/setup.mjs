// Installs the workspace when it is missing or older than the lockfile, so that `npm start` and `npm test`
// work as the very first command on a machine with nothing but npm and Node 20 or later.
import { existsSync, statSync, utimesSync } from 'node:fs';
import { pnpm } from './pnpm.mjs';

const root = new URL('..', import.meta.url);
const installed = new URL('node_modules/.modules.yaml', root);
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((name) => new URL(name, root));

const modified = (url) => (existsSync(url) ? statSync(url).mtimeMs : 0);
const fresh = existsSync(installed) && inputs.every((url) => modified(url) <= modified(installed));

if (!fresh) {
  console.error(
    'imageport: first start. Installing what the lockfile pins, a Node of its own and the development tools included, into\n' +
      'node_modules (about 700 MB): one to five minutes, as the network goes. Later starts skip this.',
  );
  process.exitCode = pnpm(['install', '--frozen-lockfile', '--loglevel=error']);
  // An install that finds nothing to do leaves the file as it was, and would be asked for again.
  if (process.exitCode === 0 && existsSync(installed)) utimesSync(installed, new Date(), new Date());
}
