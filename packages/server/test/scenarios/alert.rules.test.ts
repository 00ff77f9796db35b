import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { securityEventNames } from "../../src/platform/security/security.catalogue.ts";
import { startTestServer } from "../support/test.server.ts";

const root = join(import.meta.dirname, "../../../..");
const rulesFile = readFileSync(join(root, "infra/prometheus/foyer.rules.yml"), "utf8");

/** `name{label="value",…}` as it stands in an expression; `isPattern` for `=~`. */
interface Selector {
  metric: string;
  matchers: { label: string; value: string; isPattern: boolean }[];
}

/** The expression of each rule, on one line. */
function expressions(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const rule of text.split(/^ {6}- alert: /m).slice(1)) {
    const [name = ""] = rule.split("\n", 1);
    const expr = /^ {8}expr: (?:>-\n)?([\s\S]*?)\n {8}(?:for|labels):/m.exec(rule)?.[1];
    if (expr !== undefined) found.set(name, expr.replaceAll(/\s+/g, " "));
  }
  return found;
}

function selectors(expression: string): Selector[] {
  return [...expression.matchAll(/(foyer_\w+)(?:\{([^}]*)\})?/g)].map(([, metric = "", inside = ""]) => ({
    metric,
    matchers: [...inside.matchAll(/(\w+)(=~?)"([^"]*)"/g)].map(([, label = "", sign, value = ""]) => ({
      label,
      value,
      isPattern: sign === "=~",
    })),
  }));
}

/** The series of a metrics page. */
function series(page: string): { metric: string; labels: Record<string, string> }[] {
  return [...page.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)].map(([, metric = "", inside = ""]) => ({
    metric,
    labels: Object.fromEntries(
      [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
    ),
  }));
}

/** What a rule asks for that the server does not have. */
function missing(expression: string, page: string): string[] {
  const all = series(page);
  return selectors(expression).flatMap(({ metric, matchers }) => {
    const own = all.filter((each) => each.metric === metric);
    if (own.length === 0) return [`no metric ${metric}`];
    return matchers.flatMap(({ label, value, isPattern }) => {
      if (!own.some(({ labels }) => label in labels)) return [`${metric} has no label ${label}`];
      // Statuses come and go with what happens; events are there from the start.
      if (label === "status") return [];
      const wanted = isPattern ? value.split("|") : [value];
      return wanted
        .filter((each) => !own.some(({ labels }) => labels[label] === each))
        .map((each) => `${metric} has no ${label}="${each}"`);
    });
  });
}

test("every metric, label and event in the alert rules is there on a server that has just started", async () => {
  const server = await startTestServer();
  try {
    await (await fetch(`${server.url}/api/health`)).text();
    const page = await (await fetch(`${server.url}/metrics`)).text();
    const rules = expressions(rulesFile);
    expect([...rules.keys()]).toEqual([
      "FoyerAuthenticationFailures",
      "FoyerPermissionDenials",
      "FoyerRateLimitViolations",
      "FoyerWebhookSignatureFailures",
      "FoyerVaultErrors",
      "FoyerVaultExported",
      "FoyerServerErrors",
      "FoyerAlertsWaiting",
      "FoyerAlertsFailing",
      "FoyerAlertsSlow",
      "FoyerTwitchUnheard",
    ]);
    for (const [name, expression] of rules) {
      expect([name, selectors(expression).length > 0]).toEqual([name, true]);
      expect([name, missing(expression, page)]).toEqual([name, []]);
    }
    // The search finds what is not there.
    expect(missing('sum(foyer_nothing_total{event="x"})', page)).toEqual(["no metric foyer_nothing_total"]);
    expect(missing('foyer_security_events_total{event=~"rate.limited|no.such"}', page)).toEqual([
      'foyer_security_events_total has no event="no.such"',
    ]);
    expect(missing('foyer_http_requests_total{code="500"}', page)).toEqual([
      "foyer_http_requests_total has no label code",
    ]);
  } finally {
    await server.stop();
  }
});

test("the thresholds are those that are promised, and each event that should wake somebody is in a rule", () => {
  const rules = expressions(rulesFile);
  const limits = [...rules].map(([name, expression]) => [
    name,
    />\s*([\d.]+)$/.exec(expression)?.[1],
    /\[(\w+)\]/.exec(expression)?.[1],
  ]);
  expect(limits).toEqual([
    ["FoyerAuthenticationFailures", "50", "5m"],
    ["FoyerPermissionDenials", "20", "5m"],
    ["FoyerRateLimitViolations", "100", "5m"],
    ["FoyerWebhookSignatureFailures", "5", "1m"],
    ["FoyerVaultErrors", "0", "5m"],
    ["FoyerVaultExported", "0", "5m"],
    ["FoyerServerErrors", "0.05", "5m"],
    ["FoyerAlertsWaiting", "0", "5m"],
    ["FoyerAlertsFailing", "5", "15m"],
    ["FoyerAlertsSlow", "30", "30m"],
    ["FoyerTwitchUnheard", "5", "15m"],
  ]);
  const watched = new Set(
    [...rules.values()]
      .flatMap(selectors)
      .flatMap(({ matchers }) =>
        matchers.filter(({ label }) => label === "event").flatMap(({ value }) => value.split("|")),
      ),
  );
  expect(securityEventNames.filter((event) => !watched.has(event)).sort()).toEqual([
    "account.created",
    "password.changed",
    "privileged.act",
    "sign_in.success",
  ]);
});
