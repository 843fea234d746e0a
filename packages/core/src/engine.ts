type Engine = typeof import('./picture/generate.ts');

let loading: Promise<Engine> | undefined;
let loaded: Engine | undefined;

/**
 * Everything that a call needs once it is known to be right. Loaded whole at the first call, before anything is sent:
 * who only describes or checks requests does not pay for it, and nothing is missing after money was spent.
 */
function loadEngine(): Promise<Engine> {
  loading ??= import('./picture/generate.ts').then(
    (engine) => {
      loaded = engine;
      return engine;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Once it is loaded, nothing stands between a caller and the promise of the engine. */
export const withEngine = <Result>(work: (engine: Engine) => Promise<Result>): Promise<Result> =>
  loaded ? work(loaded) : loadEngine().then(work);
