import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

/** The folder in which programs of this system keep for their user what they must not forget. Never a relative one. */
export function stateFolder(env: Io['env'], platform: NodeJS.Platform): string {
  const home = [env.HOME, env.USERPROFILE].find(isGiven) ?? homedir();
  const own = (): string => {
    if (platform === 'win32') return [env.LOCALAPPDATA].find(isGiven) ?? join(home, 'AppData', 'Local');
    return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.local', 'state');
  };
  return join([env.XDG_STATE_HOME].find(isGiven) ?? own(), 'imageport');
}

const isGiven = (path: string | undefined): path is string => path !== undefined && isAbsolute(path);
