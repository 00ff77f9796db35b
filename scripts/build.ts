import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { ensureWeb } from "./bootstrap/web.mjs";
import { root } from "./check/step.ts";
import { billOfMaterials } from "./libraries/bill.of.materials.ts";
import type { Lock } from "./libraries/inventory.ts";

/** Packages that others look for and can do without: native speed-ups. */
const optional = ["pg-native", "bufferutil", "utf-8-validate", "pg-cloudflare"];
const target = join(process.argv[2] ?? join(root, "dist"));

async function bundle(): Promise<void> {
  const build = await rolldown({
    input: join(root, "packages/server/src/entrypoints/cli.ts"),
    platform: "node",
    external: optional,
    plugins: [
      {
        name: "foyer-assets",
        // In a release the pages lie beside the program, not where the repository has them.
        resolveId: {
          filter: { id: /\/app\.assets\.ts$/ },
          handler: () => join(root, "scripts/release/app.assets.ts"),
        },
      },
    ],
    checks: { circularDependency: false },
    onLog(level, log) {
      if (level === "warn") throw new Error(`${log.code}: ${log.message}`);
    },
  });
  await build.write({ file: join(target, "foyer.mjs"), format: "esm", codeSplitting: false, minify: false });
  await build.close();
}

function copyAssets(): void {
  cpSync(join(root, "packages/web/dist"), join(target, "web"), { recursive: true });
  rmSync(join(target, "web", ".sources"), { force: true });
  const docs = dirname(
    createRequire(join(root, "packages/server/package.json")).resolve("swagger-ui-dist/package.json"),
  );
  mkdirSync(join(target, "docs"), { recursive: true });
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE", "NOTICE"]) {
    cpSync(join(docs, name), join(target, "docs", name));
  }
  for (const name of ["LICENSE", "README.md", "CHANGELOG.md"]) cpSync(join(root, name), join(target, name));
  const manifest = {
    name: "foyer",
    version: readVersion(),
    type: "module",
    license: "MIT",
    bin: { foyer: "foyer.mjs" },
    engines: { node: ">=24" },
  };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What is inside: every library that ships, with version, licence and hash. */
function listLibraries(): void {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
  const list = billOfMaterials(lock, { name: "foyer", version: readVersion() });
  writeFileSync(join(target, "sbom.cdx.json"), `${JSON.stringify(list, null, 2)}\n`);
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return version;
}

ensureWeb();
rmSync(target, { recursive: true, force: true });
await bundle();
copyAssets();
listLibraries();
