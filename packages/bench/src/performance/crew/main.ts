// One client, in a process of its own.
import type { Session, Setup } from '../../clients/client.ts';
import type { Target } from '../../servers/test-server.ts';
import { findClient } from '../columns.ts';
import { serve } from '../remote.ts';
import { type Fall, fall } from './fall.ts';
import { allocated, held } from './heap.ts';
import { type Keeping, kept } from './kept.ts';
import { type Play, play } from './play.ts';
import { profile } from './profile.ts';
import { trace } from './trace.ts';

let session: Session | undefined;

const ready = (): Session => {
  if (!session) throw new Error('no session');
  return session;
};

serve({
  open: async ({ client, target, setup }: { client: string; target: Target; setup: Setup }) => {
    session = await findClient(client).open(target, setup);
  },
  play: (options: Play) => play(ready(), options),
  kept: (options: Keeping) => kept(ready(), options),
  trace: () => trace(ready()),
  fall: (options: Fall) => fall(findClient(options.client), options),
  profile: (options: Play) => profile(() => play(ready(), options)),
  allocated: (options: Play) => allocated(() => play(ready(), options)),
  held: ({ after, ...options }: Play & { after: number }) => held(() => play(ready(), options), after),
});
