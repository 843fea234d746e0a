/** Milliseconds that an answer needs on its way, before its client gives up. */
const margin = 5_000;

/** Milliseconds for a request: those of the gateway, or fewer where the client says that it waits less long. */
export function timeoutOf(headers: Headers, own: number): number {
  const stated = ['x-stainless-timeout', 'x-stainless-read-timeout']
    .map((name) => Number(headers.get(name) ?? Number.NaN) * 1000)
    .filter((time) => time > 0);
  return Math.min(own, ...stated.map((time) => Math.max(time - margin, time / 2)));
}
