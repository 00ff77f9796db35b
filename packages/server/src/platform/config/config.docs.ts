import { groups, groupVariables, usedGroups } from "./config.groups.ts";
import { fileVariable, limitVariables, serverVariables } from "./config.variables.ts";
import type { Variable } from "./variable.ts";

/** The settings as Markdown tables, for docs/operate/configuration.md. Generated, so that it cannot go stale. */
export function configurationTable(): string {
  const services = Object.entries(groups).flatMap(([group, title]) => [
    `### ${title[0]?.toUpperCase()}${title.slice(1)}`,
    "",
    ...(usedGroups.has(group) ? [] : ["Not used by this version yet.", ""]),
    table(groupVariables.filter((each) => each.group === group)),
    "",
  ]);
  return [
    "## Server",
    "",
    table([...Object.values(serverVariables), fileVariable]),
    "",
    "## Limits",
    "",
    table(Object.values(limitVariables)),
    "",
    "## Outside services",
    "",
    "Variables of one service are given together or not at all: a half-set group stops the start. Some names are fixed,",
    "but not used by this version yet: it says so below, and `foyer doctor` does when one is set.",
    "",
    ...services,
  ].join("\n");
}

/** The whole page docs/operate/configuration.md. */
export function configurationPage(): string {
  return [
    "# Configuration",
    "",
    "Foyer needs no configuration: `npm start` works as it is. Everything below can be set in the environment, or in a",
    "JSON file under the same names (`$DATA_DIR/foyer.json`, or the path in `FOYER_CONFIG`):",
    "",
    "```json",
    '{ "PORT": 8080, "PUBLIC_URL": "https://chat.example", "TRUSTED_PROXIES": ["10.0.0.0/8"] }',
    "```",
    "",
    "The environment wins over the file, and an empty value counts as not set. An unknown name in the file, an unknown",
    "`LIMIT_…` or `FOYER_…` variable, or a wrong value stops the start with one line that says what is allowed.",
    "`foyer doctor` shows what is set and what is missing. This page is generated from the code.",
    "",
    configurationTable(),
  ].join("\n");
}

function table(variables: readonly Variable[]): string {
  const rows = variables.map((each) => {
    const needed =
      each.group !== undefined && !each.optional && each.defaultText === "" ? "needed with its group" : "none";
    const fallback =
      each.defaultText === ""
        ? needed
        : /^[\w.,:$/-]+$/.test(each.defaultText)
          ? `\`${each.defaultText}\``
          : each.defaultText;
    return `| \`${each.name}\` | ${fallback} | ${each.allowed} | ${each.description}${each.secret ? " Secret." : ""} |`;
  });
  return ["| variable | default | allowed | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
