import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/engines.ts";
import { configurationTable } from "./config.docs.ts";
import { ConfigError } from "./config.error.ts";
import { allVariables, type Environment } from "./config.source.ts";
import { type Config, loadConfig } from "./config.ts";

const cwd = temporaryFolder();
const strong = "k8Jq0vXz3LmN7pRtYw2BcDfGhSaE5u9x1TiOoPlM";

function load(env: Environment): Config {
  return loadConfig({ JWT_SECRET: strong, ...env }, { cwd });
}

function refusal(env: Environment): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

let folders = 0;
function withFile(content: unknown, env: Environment = {}): Environment {
  const folder = join(cwd, `data-${folders++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "foyer.json"), typeof content === "string" ? content : JSON.stringify(content));
  return { DATA_DIR: folder, ...env };
}

describe("defaults", () => {
  test("nothing set gives a server for this machine alone", () => {
    const config = load({});
    expect(config).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      publicUrl: "http://localhost:3000",
      allowedOrigins: ["http://localhost:3000"],
      dataDir: join(cwd, "data"),
      databaseUrl: `file:${join(cwd, "data", "foyer.db")}`,
      guests: "none",
      registration: "open",
      sessionSeconds: 86_400,
    });
    expect(config.limits).toMatchObject({ messagesPer5Seconds: 10, requestsPerMinute: 600, frameBytes: 32_768 });
  });

  test("an empty value counts as not set", () => {
    expect(load({ PORT: "", GUESTS: "" })).toMatchObject({ port: 3000, guests: "none" });
  });

  test("the public address follows the port, and is the only origin once it is set", () => {
    expect(load({ PORT: "8080" }).publicUrl).toBe("http://localhost:8080");
    expect(load({ PUBLIC_URL: "https://chat.example/" }).allowedOrigins).toEqual(["https://chat.example"]);
  });

  test("limits and lists are read", () => {
    const config = load({
      LIMIT_FRAME_BYTES: "0",
      TRUSTED_PROXIES: "10.0.0.0/8, 127.0.0.1,::1",
      SESSION_LIFETIME: "30m",
    });
    expect(config.limits.frameBytes).toBe(0);
    expect(config.trustedProxies).toEqual(["10.0.0.0/8", "127.0.0.1/32", "::1/128"]);
    expect(config.sessionSeconds).toBe(1800);
  });
});

describe("what stops the start", () => {
  const wrong: [Environment, string][] = [
    [{ PORT: "80a" }, 'PORT must be a port from 0 to 65535 (0: any free one); "80a" is not.'],
    [{ PORT: "70000" }, "PORT must be"],
    [{ NODE_ENV: "staging" }, 'NODE_ENV must be development, production or test; "staging" is not.'],
    [{ PUBLIC_URL: "https://chat.example/path" }, "PUBLIC_URL must be"],
    [{ PUBLIC_URL: "chat.example" }, "PUBLIC_URL must be"],
    [{ ALLOWED_ORIGINS: "*" }, "ALLOWED_ORIGINS must be"],
    [{ TRUSTED_PROXIES: "10.0.0.0/99" }, "TRUSTED_PROXIES must be"],
    [{ DATABASE_URL: "mysql://root:hush@db" }, "DATABASE_URL must be a file: or postgres:// address"],
    [{ LIMIT_FRAME_BYTES: "-1" }, "LIMIT_FRAME_BYTES must be a whole number, 0 for unlimited"],
    [
      { LIMIT_FRAME_BYTE: "1" },
      '"LIMIT_FRAME_BYTE" in the environment is not a setting of Foyer: did you mean LIMIT_FRAME_BYTES?',
    ],
    [{ FOYER_PORT: "1" }, '"FOYER_PORT" in the environment is not a setting'],
    [{ TWITCH_CLIENT_ID: "abc" }, "TWITCH_CLIENT_SECRET is not set, but TWITCH_CLIENT_ID is"],
    [{ DISCORD_CLIENT_ID: "abc" }, "DISCORD_CLIENT_SECRET is not set, but DISCORD_CLIENT_ID is"],
    [
      { NODE_ENV: "production", TWITCH_ID_URL: "http://twitch.example" },
      'TWITCH_ID_URL is "http://twitch.example": with NODE_ENV=production it must begin with https://',
    ],
    [
      { NODE_ENV: "production", COGNITO_DOMAIN: "http://login.example" },
      'COGNITO_DOMAIN is "http://login.example": with NODE_ENV=production',
    ],
    [{ SMTP_URL: "smtp://mail.example" }, "MAIL_FROM is not set, but SMTP_URL is"],
    [{ REDIS_URL: "redis://localhost" }, "DATABASE_URL is a file"],
    [{ FOYER_CONFIG: "missing.json" }, "cannot be read"],
    [{ JWT_SECRET: "short" }, "JWT_SECRET must be at least 32 bytes of text; the value given (not shown) is not."],
  ];
  test.each(wrong)("%j", (env, expected) => {
    const line = refusal(env);
    expect(line).toContain(expected);
    expect(line).not.toContain("\n");
  });

  test("a secret is never in the line", () => {
    expect(refusal({ DATABASE_URL: "mysql://root:hush@db" })).not.toContain("hush");
    expect(refusal({ METRICS_TOKEN: "hush" })).not.toContain("hush");
    expect(refusal({ NODE_ENV: "production", JWT_SECRET: "change-me-change-me-change-me-hush" })).not.toContain("hush");
  });

  test("an optional variable alone is no half-set group", () => {
    expect(load({ AWS_REGION: "eu-central-1" }).services).toEqual({ AWS_REGION: "eu-central-1" });
  });
});

describe("the settings file", () => {
  test("is read from the data folder, and the environment wins", () => {
    const env = withFile({ PORT: 8080, HOST: "0.0.0.0", TRUSTED_PROXIES: ["10.0.0.0/8"] }, { HOST: "127.0.0.2" });
    expect(load(env)).toMatchObject({ port: 8080, host: "127.0.0.2", trustedProxies: ["10.0.0.0/8"] });
  });

  test.each([
    [{ PROT: 1 }, "did you mean PORT?"],
    [{ PORT: "x" }, "PORT in "],
    [{ PORT: { a: 1 } }, "must be text, a number or a list of texts"],
    [[1], "must hold one JSON object"],
    ["{", "is not valid JSON"],
    [{ DATA_DIR: "elsewhere" }, "DATA_DIR cannot be set in a file that lies in it"],
  ])("refuses %j", (content, expected) => {
    expect(refusal(withFile(content))).toContain(expected);
  });
});

describe("production", () => {
  test.each([
    [{ PUBLIC_URL: "http://chat.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://chat.example", ALLOWED_ORIGINS: "http://other.example" }, "ALLOWED_ORIGINS"],
    [{ JWT_SECRET: "a".repeat(40) }, "JWT_SECRET"],
    [{ JWT_SECRET: "changeme-0123456789abcdefghijklmnopq" }, "JWT_SECRET"],
  ])("refuses %j", (env, expected) => {
    expect(refusal({ NODE_ENV: "production", ...env })).toContain(expected);
    expect(() => load(env)).not.toThrow();
  });

  test("behind a TLS proxy, or on this machine alone, it starts", () => {
    expect(load({ NODE_ENV: "production", PUBLIC_URL: "https://chat.example" }).nodeEnv).toBe("production");
    expect(load({ NODE_ENV: "production" }).publicUrl).toBe("http://localhost:3000");
  });
});

describe("the signing key", () => {
  test("is made once, strong and private", () => {
    const env = { DATA_DIR: join(cwd, "fresh") };
    const first = loadConfig(env, { cwd });
    const path = join(cwd, "fresh", "jwt.secret");
    expect(Buffer.from(first.jwtSecret, "base64url").length).toBe(48);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(loadConfig(env, { cwd }).jwtSecret).toBe(first.jwtSecret);
    expect(readFileSync(path, "utf8").trim()).toBe(first.jwtSecret);
  });

  test("is not made by a command that only looks, and a damaged one is refused", () => {
    const folder = join(cwd, "looked");
    expect(loadConfig({ DATA_DIR: folder }, { cwd, makeSecrets: false }).jwtSecret).toBe("");
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    writeFileSync(join(folder, "jwt.secret"), "");
    expect(() => loadConfig({ DATA_DIR: folder }, { cwd })).toThrow(/damaged/);
  });
});

test("the documentation names every variable once, and no variable is declared twice", () => {
  const table = configurationTable();
  for (const each of allVariables) expect(table.split(`| \`${each.name}\` |`)).toHaveLength(2);
});
