/** Twitch's sign-in host, without a slash at the end. `base` is for stand-ins; Twitch's command line says `/auth`. */
export function twitchIdUrl(base = "https://id.twitch.tv"): string {
  return under(base, /\/(?:oauth2|auth)$/, "/oauth2");
}

/** Twitch's API, without a slash at the end. `base` is for stand-ins; Twitch's command line says `/mock`. */
export function twitchApiUrl(base = "https://api.twitch.tv"): string {
  return under(base, /\/(?:helix|mock)$/, "/helix");
}

/** `base` with `path` behind it, unless it ends in a place of that kind already. */
function under(base: string, already: RegExp, path: string): string {
  const bare = base.replace(/\/+$/, "");
  return already.test(bare) ? bare : `${bare}${path}`;
}
