const names: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** An answer of Helix that is none of what was asked for. */
export class HelixError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "HelixError";
    this.status = status;
  }

  /** As Helix writes it. */
  answer(): Response {
    const { status, message } = this;
    return Response.json({ error: names[status] ?? "Error", status, message }, { status });
  }
}
