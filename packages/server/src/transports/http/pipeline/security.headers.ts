import type { HttpConfig } from "../http.config.ts";
import type { OriginPolicy } from "./origin.policy.ts";

/**
 * Headers that every answer carries. Worked out anew only when the origins change. `hstsSubdomains`: the promise of
 * TLS holds for every name below the public one, too.
 */
export function createSecurityHeaders(
  { publicUrl, hstsSubdomains }: Pick<HttpConfig, "publicUrl" | "hstsSubdomains">,
  origins: OriginPolicy,
): () => Record<string, string> {
  let built: { policy: string; headers: Record<string, string> } | undefined;
  return () => {
    const policy = contentSecurityPolicy(origins.origins());
    if (built?.policy === policy) return built.headers;
    const headers: Record<string, string> = {
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "x-frame-options": "DENY",
    };
    if (publicUrl.startsWith("https:")) {
      headers["strict-transport-security"] = `max-age=31536000${hstsSubdomains ? "; includeSubDomains" : ""}`;
    }
    built = { policy, headers };
    return headers;
  };
}

/** Where Discord and Twitch keep pictures of servers and streamers, which the pages of alerts show. No others. */
const pictureHosts = ["https://cdn.discordapp.com", "https://static-cdn.jtvnw.net"];

function contentSecurityPolicy(origins: readonly string[]): string {
  // Older browsers do not count the socket of the same origin as 'self'. The policy's grammar knows no IPv6 addresses:
  // browsers complain about them.
  const sockets = origins.filter((origin) => !origin.includes("[")).map((origin) => origin.replace(/^http/, "ws"));
  return [
    "default-src 'none'",
    "script-src 'self'",
    // Mantine puts its style sheet into the page while it runs.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: ${pictureHosts.join(" ")}`,
    `connect-src ${["'self'", ...sockets].join(" ")}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join("; ");
}
