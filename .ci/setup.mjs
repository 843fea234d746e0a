// Installs the workspace when it is missing or older than the lockfile, so that `npm start` and `npm test`
// work as the very first command on a machine with nothing but npm and Node 20 or later.
import { existsSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkNodes } from './nodes.mjs';
import { pnpm } from './pnpm.mjs';

const root = new URL('..', import.meta.url);
const installed = new URL('node_modules/.modules.yaml', root);
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', '.ci/nodes.json'].map(
  (name) => new URL(name, root),
);

const modified = (url) => (existsSync(url) ? statSync(url).mtimeMs : 0);
const fresh = existsSync(installed) && inputs.every((url) => modified(url) <= modified(installed));

if (!fresh) {
  console.error(
    'imageport: first start. Installing what the lockfile pins, a Node of its own and the development tools included, into\n' +
      'node_modules (about 800 MB): one to five minutes, as the network goes. Later starts skip this.',
  );
  process.exitCode = pnpm(['install', '--frozen-lockfile', '--loglevel=error']);
  if (process.exitCode === 0) finish();
}

/** What was fetched must be what is pinned; until it is, the install is asked for again. */
function finish() {
  const { problems, notes } = checkNodes(fileURLToPath(new URL('node_modules', root)));
  for (const line of [...notes, ...problems]) console.error(`imageport: ${line}`);
  if (problems.length > 0) {
    console.error('imageport: nothing was run. Remove node_modules and try again');
    process.exitCode = 1;
  }
  // An install that finds nothing to do leaves the file as it was, and would be asked for again.
  const seen = problems.length > 0 ? new Date(0) : new Date();
  if (existsSync(installed)) utimesSync(installed, seen, seen);
}
