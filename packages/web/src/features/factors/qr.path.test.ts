import { encode } from "uqr";
import { describe, expect, it } from "vitest";
import { qrPath } from "./qr.path.ts";

/** Reads a path of rectangles back. */
function modulesOf(path: string, size: number): boolean[][] {
  const modules = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    for (let at = Number(x); at < Number(x) + Number(width); at += 1) (modules[Number(y)] ?? [])[at] = true;
  }
  return modules;
}

describe("the path of a QR code", () => {
  it("draws each run of dark modules once", () => {
    expect(
      qrPath([
        [true, true, false, true],
        [false, false, false, false],
        [false, true, true, true],
      ]),
    ).toBe("M0 0h2v1H0zM3 0h1v1H3zM1 2h3v1H1z");
  });

  it("draws a whole code as it is", () => {
    const { data, size } = encode("otpauth://totp/Foyer:ada?secret=JBSWY3DPEHPK3PXP&issuer=Foyer");
    expect(modulesOf(qrPath(data), size)).toEqual(data);
  });
});
