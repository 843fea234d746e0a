import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';
import { usage } from './usage.ts';

/** The folder in which programs of this system keep for their user what they must not forget. Never a relative one. */
export function stateFolder(env: Io['env'], platform: NodeJS.Platform): string {
  const own = (): string => {
    if (platform === 'win32') return [env.LOCALAPPDATA].find(isGiven) ?? join(homeOf(env), 'AppData', 'Local');
    const home = homeOf(env);
    return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.local', 'state');
  };
  return join([env.XDG_STATE_HOME].find(isGiven) ?? own(), 'imageport');
}

/** A HOME that is empty, as in some containers and cron jobs, says nothing: then the system's list of users does. */
function homeOf(env: Io['env']): string {
  const home = [env.HOME, env.USERPROFILE, fromSystem(homedir), fromSystem(() => userInfo().homedir)].find(isGiven);
  if (home !== undefined) return home;
  throw usage('There is no home folder to record paid jobs in, so nothing was sent: set HOME, or XDG_STATE_HOME');
}

function fromSystem(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

const isGiven = (path: string | undefined): path is string => path !== undefined && isAbsolute(path);
