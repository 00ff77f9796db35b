import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../../platform/errors/app.error.ts";
import { missingBuildPage } from "./missing.build.page.ts";

/** Answers a GET or HEAD for a file of the web build, or its page for every address that is a page. */
export type WebFiles = (request: Request) => Promise<Response>;

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  gif: "image/gif",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
};
const ENCODINGS = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
];
/** What a part of a path may be: no dot in front, no separators of any system, nothing that decodes once more. */
const SEGMENT = /^[A-Za-z0-9_@~-][A-Za-z0-9_@~.+-]*$/;
/** Files whose name holds a hash of their content: the name changes when the content does. */
const HASHED = /^assets\/.*-[A-Za-z0-9_-]{8,}\.\w+$/;

/** The web build as it would lie in this repository. */
function defaultRoot(): string {
  return fileURLToPath(new URL("../../../../../web/dist", import.meta.url));
}

/** Serves the files below `root`. Nothing is read at creation: the build may come later. */
export function createWebFiles(root: string = defaultRoot()): WebFiles {
  return async (request) => {
    const path = new URL(request.url).pathname;
    const name = path === "/" ? "index.html" : safeName(path);
    const found = name === undefined ? undefined : await openFile(root, name, request);
    if (found !== undefined) return send(found, request);
    // Without a dot in its last part it is an address of the app, which finds out itself what it means.
    const isPage = name !== undefined && !name.startsWith("assets/") && wantsPage(request);
    if (!isPage && path !== "/") throw new AppError("request.not_found", "There is no such file.");
    const page = await openFile(root, "index.html", request);
    return page === undefined ? missingBuildPage() : send(page, request);
  };
}

function wantsPage(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html");
}

/** The file name inside the root, or undefined for every path that could mean a file elsewhere. */
function safeName(path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const segments = decoded.slice(1).split("/");
  if (segments.at(-1) === "") segments.pop();
  return segments.every((segment) => SEGMENT.test(segment)) ? segments.join("/") : undefined;
}

interface Found {
  name: string;
  file: FileHandle;
  encoding?: string;
}

async function openFile(root: string, name: string, request: Request): Promise<Found | undefined> {
  const accepted = (request.headers.get("accept-encoding") ?? "").toLowerCase();
  for (const { name: encoding, suffix } of ENCODINGS) {
    if (!accepts(accepted, encoding)) continue;
    const file = await openInside(root, `${name}${suffix}`);
    if (file !== undefined) return { name, file, encoding };
  }
  const file = await openInside(root, name);
  return file === undefined ? undefined : { name, file };
}

function accepts(header: string, encoding: string): boolean {
  return header.split(",").some((entry) => {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

async function openInside(root: string, name: string): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    // A link inside the build must not lead out of it either.
    const [base, real] = await Promise.all([realpath(root), realpath(join(root, name))]);
    if (!real.startsWith(base + sep)) return undefined;
    file = await open(real, "r");
    if ((await file.stat()).isFile()) return file;
  } catch {
    // Not there, or not readable: the same to whoever asks.
  }
  await file?.close();
  return undefined;
}

async function send({ name, file, encoding }: Found, request: Request): Promise<Response> {
  try {
    const { size, mtimeMs } = await file.stat();
    const etag = `W/"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}${encoding === undefined ? "" : `-${encoding}`}"`;
    const headers: Record<string, string> = {
      "cache-control": HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
      etag,
      vary: "Accept-Encoding",
    };
    if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
    headers["content-type"] = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    headers["content-length"] = String(size);
    if (encoding !== undefined) headers["content-encoding"] = encoding;
    return new Response(request.method === "HEAD" ? null : new Uint8Array(await file.readFile()), { headers });
  } finally {
    await file.close();
  }
}
