const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The same address under the name that the way back leads to, where `asked` names this machine in another way
 * (`127.0.0.1` for `localhost`): cookies of the one are not sent to the other. Undefined: it is right as it is, or no
 * business of ours (behind a proxy the name that arrives here may be any).
 */
export function underName(asked: string, redirectUri: string): string | undefined {
  const [url, back] = [new URL(asked), new URL(redirectUri)];
  const isThisMachine = LOOPBACK.includes(url.hostname) && LOOPBACK.includes(back.hostname);
  if (!isThisMachine || url.port !== back.port || url.protocol !== back.protocol) return undefined;
  if (url.hostname === back.hostname) return undefined;
  url.hostname = back.hostname;
  return url.href;
}
