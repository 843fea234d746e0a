/** Whether a host name means this machine: the only place where plain http is accepted. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** `URL.canParse` of Node 22 refuses letters beyond ASCII once it is compiled, and a paid picture may be at such an address. */
export function toUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
