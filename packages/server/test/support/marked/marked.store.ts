import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../../src/platform/db/database.ts";
import { testPlace } from "../engines.ts";
import { type PostgresContents, watchPostgres } from "../postgres.contents.ts";
import type { SecretSearch } from "../secret.search.ts";

/** Where the server of a marked world keeps its data, and a look at all of it. */
export interface MarkedStore {
  /** Settings that lead the server there. */
  env: Record<string, string>;
  /** All that is stored, byte by byte, in the data folder and in Postgres; without the keys in their files. */
  read(dataDir: string): Promise<Record<string, Buffer>>;
  remove(): Promise<void>;
}

/** Keys in files of 0600, which are where they should be. */
const keyFiles = ["jwt.secret", "vault.keys"];

/** The database file in the data folder; or a schema of the test Postgres, for a user with a marked password. */
export async function markedStore(engine: Engine, search: SecretSearch): Promise<MarkedStore> {
  if (engine === "sqlite") {
    return { env: {}, read: async (dataDir) => filesOf(dataDir), remove: async () => {} };
  }
  const place = await testPlace("postgres");
  const contents = await watchPostgres(place.url);
  const { url, forget } = await userOf(place.url, contents, search.makePlain("password of Postgres"));
  return {
    env: { DATABASE_URL: url },
    read: async (dataDir) => ({ ...filesOf(dataDir), ...(await contents.read()) }),
    async remove() {
      await forget();
      await contents.close();
      await place.drop();
    },
  };
}

/** A user of its own for the schema of `base`, who comes in by `password`. */
async function userOf(base: string, { administer }: PostgresContents, password: string) {
  const url = new URL(base);
  const schema = /search_path=(\w+)/.exec(url.searchParams.get("options") ?? "")?.[1];
  if (schema === undefined) throw new Error("the test Postgres names no schema");
  const user = `${schema}_user`;
  await administer(`create role ${user} login password '${password}'`);
  await administer(`alter schema ${schema} owner to ${user}`);
  Object.assign(url, { username: user, password });
  return {
    url: url.href,
    async forget() {
      await administer(`reassign owned by ${user} to current_user`);
      await administer(`drop role ${user}`);
    },
  };
}

function filesOf(dataDir: string): Record<string, Buffer> {
  const paths = readdirSync(dataDir, { recursive: true, encoding: "utf8" })
    .map((name) => join(dataDir, name))
    .filter((path) => statSync(path).isFile() && !keyFiles.some((key) => path.endsWith(key)));
  return Object.fromEntries(paths.map((path) => [path.replace(dataDir, "data"), readFileSync(path)]));
}
