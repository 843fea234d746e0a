/** Parameters that let whoever has the address read what is there. */
const telling =
  /signature|^sig$|^sign$|^q-sign|token|secret|credential|policy|auth|passw|session|api-?key|access-?(key|id)|key-pair|jwt|hmac|verify|^hdn|expires/i;
/** A value of which nobody knows what it is, but which nobody could guess either. */
const unguessable = /^[\w%.~+/=:-]{32,}$/;
/**
 * What can hold parameters: a query, a fragment, or parameters in the path or behind something that ended a query, the
 * delimiters encoded or not. A quote ends it only where no address goes on. The `;base64,` of a data URL begins none.
 */
const queries = /([?#&]|;(?!base64,)|%(?:25){0,3}(?:3f|23|26|3b))(?:[^\s"'<>`]|["'`](?![\s,:;.)\]}>]|$))+/gi;
const mayHold = /[?#@&;]|%(?:25){0,3}(?:3f|23|26|3b)/i;
const owners = /(\w:\/\/)[^\s/?#@"'<>]+@/g;

/** A text whose addresses can be read by nobody who only has the text: signed queries and passwords are taken out. */
export const hideSignatures = (text: string): string =>
  mayHold.test(text)
    ? text
        .replace(owners, '$1[redacted]@')
        .replace(queries, (query, sign: string) => (isSigned(query.slice(sign.length)) ? `${sign}[signed]` : query))
    : text;

/** Read as it is and decoded: names may be encoded, and an address may stand in another one's query. */
function isSigned(query: string): boolean {
  for (let [text, level] = [query, 0]; level < 4; level += 1) {
    if (hasSecret(text)) return true;
    const decoded = text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
    if (decoded === text) return false;
    text = decoded;
  }
  return false;
}

const hasSecret = (query: string): boolean =>
  query.split(/[&;?#"'`]|\\u0026/).some((pair) => {
    const at = pair.indexOf('=');
    return at > 0 && (telling.test(pair.slice(0, at)) || unguessable.test(pair.slice(at + 1)));
  });
