import { expect, test } from "vitest";
import { createAddressResolver, isLoopback } from "./client.address.ts";

test("only the socket counts where no proxy is trusted", () => {
  const resolve = createAddressResolver([]);
  expect(resolve("192.0.2.1", "203.0.113.9")).toBe("192.0.2.1");
  expect(resolve("::ffff:192.0.2.1", null)).toBe("192.0.2.1");
});

test("behind trusted proxies the rightmost address that is none of them counts, whatever stands left of it", () => {
  const resolve = createAddressResolver(["10.0.0.0/8", "127.0.0.1", "2001:db8::/32"]);
  expect(resolve("10.1.2.3", "203.0.113.9")).toBe("203.0.113.9");
  expect(resolve("10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9")).toBe("203.0.113.9");
  expect(resolve("::ffff:127.0.0.1", "forged, 203.0.113.9:4711")).toBe("203.0.113.9");
  expect(resolve("2001:db8::1", "[2001:4860::1]:443")).toBe("2001:4860::1");
  expect(resolve("192.0.2.1", "203.0.113.9")).toBe("192.0.2.1");
});

test("nonsense in the header never becomes an address", () => {
  const resolve = createAddressResolver(["127.0.0.1"]);
  for (const forged of ["unknown", "", ",", "0x7f000001", "127.1", "1.2.3.4.5", "'; drop"]) {
    expect(resolve("127.0.0.1", forged)).toBe("127.0.0.1");
  }
  expect(resolve("127.0.0.1", "203.0.113.9, nonsense")).toBe("127.0.0.1");
});

test("a network that is none is refused at the start", () => {
  expect(() => createAddressResolver(["10.0.0.0/99"])).toThrow("CIDR");
  expect(() => createAddressResolver(["proxy.example"])).toThrow("address");
});

test("knows this machine by all its names", () => {
  expect(["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"].map(isLoopback)).toEqual([true, true, true, true]);
  expect(["192.168.0.1", "::ffff:8.8.8.8", "nonsense"].map(isLoopback)).toEqual([false, false, false]);
});
