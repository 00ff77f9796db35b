import { type LookupAddress, lookup as systemLookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type Outgoing, type OutgoingAnswer, OutgoingError } from "../../modules/alerts/index.ts";
import { type AddressRules, createAddressRules } from "./address.rules.ts";

export interface OutgoingSettings {
  /** Networks besides the internet that may be reached, as CIDR; by http, too. */
  networks: readonly string[];
  /** Looks a name up: all of its addresses. */
  lookup?: (name: string) => Promise<readonly LookupAddress[]>;
  timeoutMs?: number;
}

const defaultTimeoutMs = 10_000;
/** More of an answer is not read. */
const mostBytes = 65_536;
/** Waiting for longer than this is not asked for by anybody in earnest. */
const mostRetryMs = 3_600_000;
const sockets = { keepAlive: true, maxSockets: 32, maxTotalSockets: 256, maxFreeSockets: 64, timeout: 30_000 };

/** Requests that leave for the internet alone. The agents close idle connections by themselves. */
export function createOutgoing(settings: OutgoingSettings): Outgoing {
  const rules = createAddressRules(settings.networks);
  const resolve = settings.lookup ?? lookUp;
  const agents = {
    "http:": new http.Agent({ ...sockets, lookup: guarded(rules, resolve, "http:") }),
    "https:": new https.Agent({ ...sockets, lookup: guarded(rules, resolve, "https:") }),
  };

  /** Refuses what can be told from the address itself: a connection to a number is never looked up. */
  function parse(address: string): { url: URL; protocol: "http:" | "https:" } {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || url.username !== "" || url.password !== "") throw new OutgoingError("blocked_address");
    const { protocol } = url;
    if (protocol !== "http:" && protocol !== "https:") throw new OutgoingError("blocked_address");
    const port = Number(url.port || (protocol === "https:" ? 443 : 80));
    // Below 1024 live services that are not meant to be spoken to by http.
    if (port < 1024 && port !== 443 && port !== 80) throw new OutgoingError("blocked_address");
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !rules.permits(host, protocol)) throw new OutgoingError("blocked_address");
    return { url, protocol };
  }

  return {
    async permits(address) {
      try {
        const { url, protocol } = parse(address);
        if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0) return true;
        const found = await resolve(url.hostname);
        return found.length > 0 && found.every((each) => rules.permits(each.address, protocol));
      } catch {
        return false;
      }
    },

    async post(address, headers, body) {
      const { url, protocol } = parse(address);
      const bytes = typeof body === "string" ? Buffer.from(body) : body;
      const { promise, resolve: done, reject } = Promise.withResolvers<OutgoingAnswer>();
      const request = (protocol === "https:" ? https : http).request(url, {
        method: "POST",
        agent: agents[protocol],
        headers: { ...headers, "content-length": bytes.byteLength },
      });
      const timer = setTimeout(
        () => request.destroy(new OutgoingError("timeout")),
        settings.timeoutMs ?? defaultTimeoutMs,
      );
      request.on("error", (error) => reject(error instanceof OutgoingError ? error : failureOf(error)));
      request.on("response", (response) => {
        let read = 0;
        const finish = () =>
          done({ status: response.statusCode ?? 0, retryAfterMs: retryAfter(response.headers["retry-after"]) });
        response.on("data", (chunk: Buffer) => {
          read += chunk.byteLength;
          if (read <= mostBytes) return;
          // The status says all that is needed; the rest of an endless answer is not waited for.
          finish();
          request.destroy();
        });
        response.on("end", finish);
        response.on("error", () => finish());
      });
      request.end(bytes);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/**
 * Every address of a name is looked at when the connection is made, and the connection goes to one that was looked at:
 * a name that answers differently a moment later changes nothing. One bad address is enough to refuse the name.
 */
function guarded(
  rules: AddressRules,
  resolve: (name: string) => Promise<readonly LookupAddress[]>,
  protocol: "http:" | "https:",
): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const first = found[0];
        if (first === undefined) return callback(new OutgoingError("outage"), "", 0);
        if (!found.every(({ address }) => rules.permits(address, protocol))) {
          return callback(new OutgoingError("blocked_address"), "", 0);
        }
        if (options.all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      () => callback(new OutgoingError("outage"), "", 0),
    );
  };
}

function lookUp(name: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(name, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });
}

function failureOf(error: NodeJS.ErrnoException): OutgoingError {
  return new OutgoingError(error.code === "ETIMEDOUT" ? "timeout" : "outage");
}

/** Seconds or a date, as RFC 9110 has it, in milliseconds. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(mostRetryMs, Number(header) * 1000);
}
