import { usage } from './usage.ts';

type Emulators = typeof import('@imageport/emulator');

/**
 * The emulator, which is installed by who wants it: it draws with an image library that is many times as large as the rest.
 * Throws a usage error that says how to get it; `instead` is what to do without it.
 */
export async function loadEmulator(
  instead: string,
  load: () => Promise<Emulators> = () => import('@imageport/emulator'),
): Promise<Emulators> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw usage(
      `${instead}To draw pictures on this machine, for free, install the emulator: npm install @imageport/emulator. Nothing was sent`,
    );
  }
}

/** Not installed; what is installed and broken shows its own error. */
function isMissing(error: unknown): boolean {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && /'@imageport\/emulator'|@imageport[\\/]emulator/.test(message);
}
