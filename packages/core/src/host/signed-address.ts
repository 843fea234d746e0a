/** Parameters that let whoever has the address read what is there. */
const telling =
  /signature|^sig$|^sign$|^q-sign|token|secret|credential|policy|auth|passw|session|api-?key|access-?(key|id)|key-pair|jwt|hmac|verify|^hdn|expires/i;
/** A value of which nobody knows what it is, but which nobody could guess either. */
const unguessable = /^[\w%.~+/=:-]{32,}$/;
const queries = /[?#][^\s"'<>`]+/g;
const owners = /(\w:\/\/)[^\s/?#@"'<>]+@/g;

/** A text whose addresses can be read by nobody who only has the text: signed queries and passwords are taken out. */
export const hideSignatures = (text: string): string =>
  text.includes('?') || text.includes('#') || text.includes('@')
    ? text
        .replace(owners, '$1[redacted]@')
        .replace(queries, (query) => (isSigned(query) ? `${query[0]}[signed]` : query))
    : text;

function isSigned(query: string): boolean {
  return query
    .slice(1)
    .split(/[&;?#]|\\u0026/)
    .some((pair) => {
      const at = pair.indexOf('=');
      return at > 0 && (telling.test(pair.slice(0, at)) || unguessable.test(pair.slice(at + 1)));
    });
}
