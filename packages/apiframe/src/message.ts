import * as v from 'valibot';

const anything = v.optional(v.unknown());
const number = v.fallback(v.optional(v.number()), undefined);
const wordsSchema = v.fallback(
  v.object({
    error: anything,
    message: anything,
    details: anything,
    creditsRequired: number,
    creditsAvailable: number,
  }),
  {},
);

/** The host's own words about what went wrong; a gateway may send mere text or HTML. */
export function describe(body: unknown): string | undefined {
  if (typeof body === 'string')
    return shorten(
      body
        .slice(0, 4000)
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' '),
    );
  const { error, message, details, creditsRequired, creditsAvailable } = v.parse(wordsSchema, body);
  const words = [error, message].find((text) => typeof text === 'string');
  if (words === undefined) return undefined;
  const facts = toFacts(details);
  if (creditsRequired !== undefined)
    facts.push(`it takes ${creditsRequired}, there are ${creditsAvailable ?? 'fewer'}`);
  return shorten(facts.length === 0 ? words : `${words.slice(0, 3000)}: ${facts.join('; ')}`);
}

/** `{ "<path>": ["problem", …] }`, the first three of them. */
function toFacts(details: unknown): string[] {
  if (typeof details !== 'object' || details === null) return [];
  const paths = Object.entries(details).slice(0, 3);
  return paths.map(([path, problems]: [string, unknown]) => {
    const problem: unknown = Array.isArray(problems) ? problems[0] : problems;
    return typeof problem === 'string' ? `${path.slice(0, 80)} ${problem.slice(0, 3000)}` : path.slice(0, 80);
  });
}

/** Bounds a text. The engine cuts further, when it has taken the prompt out: so nothing else is changed here. */
function shorten(text: string): string | undefined {
  return text.slice(0, 4000).trim() || undefined;
}
