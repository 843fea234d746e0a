import yoctoSpinner from 'yocto-spinner';
import { showDuration } from '../duration.ts';
import type { Io } from '../io.ts';
import { shown } from './write.ts';

/** A line that changes in place, for a terminal that shows one. */
export interface StatusLine {
  set(text: string): void;
  stop(): void;
}

const tick = 100;

/** Undefined where nobody looks: no terminal, a dumb one, CI, or who wants quiet. */
export function startStatusLine(io: Io): StatusLine | undefined {
  if (io.quiet || !io.stderr.isTTY || io.env.TERM === 'dumb' || io.env.CI !== undefined) return undefined;
  const spinner = yoctoSpinner({ stream: io.stderr, handleSignals: false });
  const begun = performance.now();
  let text = 'preparing';
  let isOver = false;
  const draw = (): void => {
    spinner.text = `${text}  ${showDuration(performance.now() - begun)}`;
  };
  const timer = setInterval(draw, tick).unref();
  spinner.start(text);
  return {
    set(next) {
      // The spinner would draw again what nobody clears.
      if (isOver) return;
      text = shown(io, next);
      draw();
    },
    stop() {
      isOver = true;
      clearInterval(timer);
      spinner.stop();
    },
  };
}
