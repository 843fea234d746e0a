import { playCall } from '../src/call.ts';
import { clients } from '../src/clients/index.ts';
import type { Errand } from '../src/message.ts';
import type { Watched } from '../src/watchdog.ts';

/** The call in this thread: quick, because no call of ours needs a watchdog. */
export async function playHere({ client: name, target, deadline }: Errand): Promise<Watched> {
  const client = clients.find((each) => each.name === name);
  if (!client) throw new Error(`no client ${name}`);
  const ending = await playCall({ client, target, deadline });
  return { hung: false, ending };
}
