import { useEffect, useState } from "react";

/** The secret behind the mark of an address (`#…`), as it stands there; undefined when there is none. */
export function fragmentOf(hash: string): string | undefined {
  const text = hash.replace(/^#/, "");
  return text === "" ? undefined : text;
}

/**
 * The secret behind the mark of this page's address. It is taken out of the address and of the history at once, so that
 * neither a screen that is shared nor a bookmark has it.
 */
export function useFragment(): string | undefined {
  const [secret] = useState(() => fragmentOf(location.hash));
  useEffect(() => {
    if (location.hash !== "") history.replaceState(history.state, "", `${location.pathname}${location.search}`);
  }, []);
  return secret;
}
