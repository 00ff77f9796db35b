/** The part of the configuration that HTTP needs. */
export interface HttpConfig {
  /** The address that browsers use, without a slash at the end. */
  publicUrl: string;
  /** Origins that may send unsafe requests with the session cookie. */
  allowedOrigins: readonly string[];
  /** Networks (CIDR) or addresses of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Whether browsers are told to use TLS for every name below the public one, too. */
  hstsSubdomains: boolean;
  /** Opens `/metrics` to others than loopback. */
  metricsToken?: string | undefined;
  limits: {
    /** Requests of one account, or of one address that is not signed in, in a minute. 0: unlimited. */
    requestsPerMinute: number;
    /** Requests of one account to the management API in a minute. 0: unlimited. */
    managementPerMinute: number;
    /** Webhooks of all services together in a second. 0: unlimited. */
    webhooksPerSecond: number;
    /** Requests to the API of everybody together in a second. 0: unlimited. */
    globalPerSecond: number;
  };
}
