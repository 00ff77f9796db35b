/** Address that begins a sign-in at a provider, and comes back to `next`, a path of this app. */
export function departure(signInUrl: string, next: string | undefined, more: Record<string, string> = {}): string {
  const invite = /^\/invite\/([^/?#]+)/.exec(next ?? "")?.[1];
  const query = new URLSearchParams({
    return_to: next ?? "/",
    ...(invite === undefined ? {} : { invite: decodeURIComponent(invite) }),
    ...more,
  });
  return `${signInUrl}?${query}`;
}
