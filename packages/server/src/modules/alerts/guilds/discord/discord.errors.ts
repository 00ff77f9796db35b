/**
 * How Discord refuses, by its codes; each class is one thing to do about it. `status` is of HTTP, `code` Discord's own;
 * null where there was none. No text of Discord is kept: it may quote what somebody wrote.
 */
export class DiscordError extends Error {
  readonly status: number | null;
  readonly code: number | null;

  constructor(name: string, status: number | null, code: number | null) {
    super(`${name} (status ${status ?? "none"}, code ${code ?? "none"})`);
    this.name = name;
    this.status = status;
    this.code = code;
  }
}

export type GoneThing = "channel" | "guild" | "message" | "role" | "member";

/** What was asked for is not there (any more): 10003, 10004, 10008, 10011, 10007 and 10013. */
export class DiscordGone extends DiscordError {
  readonly what: GoneThing;

  constructor(what: GoneThing, status: number, code: number) {
    super("DiscordGone", status, code);
    this.what = what;
  }
}

/** 50001: the bot may not see the channel, or is not in the guild. */
export class DiscordNoAccess extends DiscordError {
  constructor(status: number) {
    super("DiscordNoAccess", status, 50001);
  }
}

/** 50013: the bot lacks a permission. */
export class DiscordNoPermission extends DiscordError {
  constructor(status: number) {
    super("DiscordNoPermission", status, 50013);
  }
}

/** 30046: the message is older than an hour and was edited too often. */
export class DiscordTooManyEdits extends DiscordError {
  constructor(status: number) {
    super("DiscordTooManyEdits", status, 30046);
  }
}

/** 30005: the guild has as many roles as it may have. */
export class DiscordTooManyRoles extends DiscordError {
  constructor(status: number) {
    super("DiscordTooManyRoles", status, 30005);
  }
}

/** Not as it has to be (50035), blocked by the guild's AutoMod (200000), or anything else that trying again cannot mend. */
export class DiscordRejected extends DiscordError {
  constructor(status: number, code: number) {
    super("DiscordRejected", status, code);
  }
}

/** 401: the token is not good (any more). */
export class DiscordUnauthorized extends DiscordError {
  constructor() {
    super("DiscordUnauthorized", 401, null);
  }
}

/** 429, or held back by Foyer itself before it comes to that. */
export class DiscordLimited extends DiscordError {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, status: number | null = null) {
    super("DiscordLimited", status, null);
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer, or one that is a fault of Discord's own. Whether the request was carried out is not known. */
export class DiscordAway extends DiscordError {
  readonly timedOut: boolean;

  constructor(status: number | null, timedOut = false) {
    super("DiscordAway", status, null);
    this.timedOut = timedOut;
  }
}
