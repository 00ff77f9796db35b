/** An answer of Discord that is none of what was asked for. `extra` goes into the body. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  readonly extra: object;

  constructor(status: number, code: number, message: string, extra: object = {}) {
    super(message);
    this.name = "DiscordError";
    this.status = status;
    this.code = code;
    this.extra = extra;
  }

  /** As Discord's API writes it. */
  answer(): Response {
    return Response.json({ message: this.message, ...this.extra, code: this.code }, { status: this.status });
  }
}

/** The errors of Discord's API that alerts can meet, by what they are about. */
export const refusal = {
  unauthorized: () => new DiscordError(401, 0, "401: Unauthorized"),
  notFound: () => new DiscordError(404, 0, "404: Not Found"),
  method: () => new DiscordError(405, 0, "405: Method Not Allowed"),
  badJson: () => new DiscordError(400, 50109, "The request body contains invalid JSON."),
  unknownChannel: () => new DiscordError(404, 10003, "Unknown Channel"),
  unknownGuild: () => new DiscordError(404, 10004, "Unknown Guild"),
  unknownMember: () => new DiscordError(404, 10007, "Unknown Member"),
  unknownMessage: () => new DiscordError(404, 10008, "Unknown Message"),
  unknownRole: () => new DiscordError(404, 10011, "Unknown Role"),
  unknownUser: () => new DiscordError(404, 10013, "Unknown User"),
  tooManyRoles: () => new DiscordError(400, 30005, "Maximum number of guild roles reached (250)"),
  noAccess: () => new DiscordError(403, 50001, "Missing Access"),
  foreignMessage: () => new DiscordError(403, 50005, "Cannot edit a message authored by another user"),
  emptyMessage: () => new DiscordError(400, 50006, "Cannot send an empty message"),
  notText: () => new DiscordError(400, 50008, "Cannot send messages in a non-text channel"),
  noPermission: () => new DiscordError(403, 50013, "Missing Permissions"),
  invalidRole: () => new DiscordError(400, 50028, "Invalid Role"),
  form: (errors: FormErrors) => new DiscordError(400, 50035, "Invalid Form Body", { errors }),
  automod: () => new DiscordError(400, 200000, "Message was blocked by automatic moderation"),
  oldEdits: (seconds: number) =>
    new DiscordError(429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later", {
      retry_after: seconds,
      global: false,
    }),
} as const;

/** What is wrong with a field. */
export interface FieldError {
  code: string;
  message: string;
}

/** Discord's tree of what is wrong with a body, by its fields; places in a list are numbers. */
export interface FormErrors {
  [key: string]: FormErrors | FieldError[];
}

/** Gathers a tree of errors. */
export interface Form {
  /** Notes an error at a path. */
  wrong(path: readonly (string | number)[], code: string, message: string): void;
  /** Throws what was gathered, if anything. */
  check(): void;
}

/** An empty tree. */
export function createForm(): Form {
  const errors: FormErrors = {};
  return {
    wrong(path, code, message) {
      let at = errors;
      for (const key of path) {
        const next = at[key] ?? {};
        if (Array.isArray(next)) return;
        at[key] = next;
        at = next;
      }
      const list = at["_errors"];
      if (Array.isArray(list)) list.push({ code, message });
      else at["_errors"] = [{ code, message }];
    },
    check() {
      if (Object.keys(errors).length > 0) throw refusal.form(errors);
    },
  };
}
