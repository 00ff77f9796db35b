import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createAddressRules } from "./address.rules.ts";
import { createOutgoing } from "./outgoing.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const reasonOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "done",
    (error: { reason?: string }) => error.reason,
  );

describe("addresses", () => {
  const rules = createAddressRules(["10.8.0.0/16", "fd00:8::/32", "192.168.4.7"]);

  test.each([
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "nonsense",
    "",
  ])("%s is not written to", (address) => {
    expect(rules.permits(address, "https:")).toBe(false);
  });

  test.each(["1.1.1.1", "93.184.216.34", "2606:4700::1111"])("%s is, but not without encryption", (address) => {
    expect(rules.permits(address, "https:")).toBe(true);
    expect(rules.permits(address, "http:")).toBe(false);
  });

  test.each(["10.8.3.4", "fd00:8::1", "192.168.4.7", "::ffff:10.8.0.1"])("%s was named, so that it is", (address) => {
    expect(rules.permits(address, "http:")).toBe(true);
    expect(rules.permits(address, "https:")).toBe(true);
  });

  test("its neighbours were not", () => {
    for (const address of ["10.9.0.1", "192.168.4.8", "fd00:9::1"])
      expect(rules.permits(address, "https:")).toBe(false);
  });
});

describe("requests", () => {
  test.each([
    "http://127.0.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::1]:PORT/",
    "http://localhost:PORT/",
    "http://user:pass@example.com/",
    "https://example.com:22/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/",
    "http://0:PORT/",
    "nothing",
  ])("%s reaches nobody on this machine", async (form) => {
    let reached = false;
    const port = await listening((_request, response) => {
      reached = true;
      response.end();
    });
    const outgoing = createOutgoing({ networks: [] });
    const url = form.replace("PORT", String(port));
    expect(await outgoing.permits(url)).toBe(false);
    expect(await reasonOf(outgoing.post(url, {}, "x"))).toBe("blocked_address");
    expect(reached).toBe(false);
  });

  test("a name that leads home is refused when the connection is made, also when it led elsewhere before", async () => {
    let reached = false;
    const port = await listening((_request, response) => {
      reached = true;
      response.end();
    });
    const answers = [["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]];
    let asked = 0;
    const lookup = async () => (answers[asked++] ?? ["127.0.0.1"]).map((address) => ({ address, family: 4 }));
    const outgoing = createOutgoing({ networks: [], lookup });
    const url = `https://rebinding.example:${port}/`;
    expect(await outgoing.permits(url)).toBe(true);
    expect(await reasonOf(outgoing.post(url, {}, "x"))).toBe("blocked_address");
    expect(await reasonOf(outgoing.post(url, {}, "x"))).toBe("blocked_address");
    expect(reached).toBe(false);
  });

  const home = { networks: ["127.0.0.0/8"] };

  test("what the operator named is reached; a redirect is an answer and is not followed", async () => {
    let calls = 0;
    const port = await listening((request, response) => {
      calls += 1;
      if (request.url === "/there") response.writeHead(204).end();
      else response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data", "retry-after": "7" }).end();
    });
    const outgoing = createOutgoing(home);
    expect(await outgoing.post(`http://127.0.0.1:${port}/there`, {}, "x")).toEqual({
      status: 204,
      retryAfterMs: undefined,
    });
    expect(await outgoing.post(`http://127.0.0.1:${port}/away`, {}, "x")).toEqual({ status: 302, retryAfterMs: 7000 });
    expect(calls).toBe(2);
  });

  test("an answer that never ends is cut off, and one that never comes is a timeout", async () => {
    const port = await listening((request, response) => {
      if (request.url === "/slow") return;
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const outgoing = createOutgoing({ ...home, timeoutMs: 500 });
    expect(await outgoing.post(`http://127.0.0.1:${port}/endless`, {}, "x")).toMatchObject({ status: 200 });
    expect(await reasonOf(outgoing.post(`http://127.0.0.1:${port}/slow`, {}, "x"))).toBe("timeout");
  });

  test("nobody there is an outage", async () => {
    const port = await listening(() => {});
    servers.splice(0)[0]?.close();
    expect(await reasonOf(createOutgoing(home).post(`http://127.0.0.1:${port}/`, {}, "x"))).toBe("outage");
  });
});
