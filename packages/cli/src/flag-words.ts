// Core speaks to programs: it names options, fields and functions. Whoever types a command has flags, variables and
// commands instead.

const flags: Readonly<Record<string, string>> = {
  aspectRatio: '--aspect-ratio',
  images: '--image',
  image: '<image>',
  intentId: '--intent',
  ledger: '--ledger',
  maxCost: '--max-cost',
  n: '-n',
  outputFormat: '--output-format',
  promptExpansion: '--expand',
  prompt: 'prompt',
};
const sameName = ['size', 'resolution', 'seed', 'sync', 'fit', 'timeout', 'mask', 'scale'];

/** What is said in other words, in order. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/fit: '(\w+)'/g, '--fit $1'],
  [/`unchecked: true`/g, '--unchecked'],
  [/`providerOptions\.(\w+)\.(\w+)`/g, '--set $2'],
  [/`(\w+)` in `providerOptions` sends one all the same/g, '--set $1=… sends one all the same'],
  [/give them in `providerOptions`/g, 'give them by --set name=value'],
  [/`providerOptions\.\w+`/g, '--set'],
  [/\bgenerateImage\b/g, 'imageport generate'],
  [/\bupscaleImage\b/g, 'imageport upscale'],
  [/\bremoveBackground\b/g, 'imageport cut-out'],
  [/ or give `apiKey`/g, ''],
  [/`baseUrl` or (\w+_BASE_URL)/g, '$1'],
  [/`baseUrl` of (\w+)/g, 'the base URL of $1'],
  [/give `models` of that host to finish it/g, 'its key is needed to finish it'],
  [
    /If there is a `job`, wait for it again instead of submitting anew/g,
    'imageport resume goes on with a job that was accepted',
  ],
  [/resume the intent, or check/g, 'imageport resume searches for it; or check'],
  [/then settle the intent by hand/g, 'then settle it: imageport jobs settle'],
  [/try again with the job or its url/g, 'imageport resume fetches it'],
  [/as many calls as `limits\.queue` allows wait already/g, 'too many requests wait already'],
  [/; for an id outside the tables use providerOptions\.\w+/g, '; for an id outside the tables use --set name=value'],
  [
    /this model cannot do what was asked \((it costs [^)]*|it is priced in [^)]*|its price is not listed[^)]*)\)\. Change the option or the limit, or choose another model or a route/g,
    'not asked, because $1',
  ],
  [/"W\*H" or "WxH"/g, '"WxH"'],
  [/\b(\d{1,5})[*×](\d{1,5})\b/g, '$1x$2'],
];

/** A message of core as the command line says it. */
export function toFlags(text: string): string {
  const reworded = phrases.reduce((said, [found, instead]) => said.replace(found, instead), text);
  return reworded.replace(/`(\w+)(?:\.\d+)?`/g, (whole, name: string) => {
    return flags[name] ?? (sameName.includes(name) ? `--${name}` : whole);
  });
}
