import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { MarkdownView, safeUrl } from "./markdown.view.tsx";
import { ReaderContext } from "./mention.mark.tsx";

const render = (text: string, reader = "mara"): string =>
  renderToStaticMarkup(createElement(ReaderContext, { value: reader }, createElement(MarkdownView, { text })));

describe("hostile messages", () => {
  it.each([
    ["[x](javascript:alert(1))"],
    ["[x](JaVaScRiPt:alert(1))"],
    ["[x](java\tscript:alert(1))"],
    ["[x](&#106;avascript:alert(1))"],
    ["[x](data:text/html,<script>alert(1)</script>)"],
    ["[x](vbscript:msgbox)"],
    ["<javascript:alert(1)>"],
    ["[x]: javascript:alert(1)\n\n[x]"],
    ["![x](javascript:alert(1))"],
    ["[x](//evil.example/path)"],
    ["[x](blob:https://example.com/1)"],
    ["[x](file:///etc/passwd)"],
  ])("gives %j no address to go to", (text) => {
    expect(render(text)).not.toMatch(/href=/);
  });

  it.each([
    ["<script>alert(1)</script>", "script"],
    ["<img src=x onerror=alert(1)>", "img"],
    ["text <iframe src='https://evil.example'></iframe>", "iframe"],
    ["<style>*{display:none}</style>", "style"],
    ["<svg onload=alert(1)>", "svg"],
    ["<a href='https://x.example' onclick='alert(1)'>x</a>", "a href"],
    ["<form action='https://evil.example'><input name=q></form>", "form"],
  ])("shows the markup %j as text", (text, tag) => {
    expect(render(text)).not.toContain(`<${tag}`);
    expect(render(text)).toContain("&lt;");
  });

  it("loads no image from anywhere: it becomes a link", () => {
    const html = render("![a cat](https://elsewhere.example/cat.png) and ![](https://elsewhere.example/b.png)");
    expect(html).not.toContain("<img");
    expect(html).toContain('href="https://elsewhere.example/cat.png"');
    expect(html).toContain(">a cat</a>");
  });

  it("lets links give nothing away", () => {
    expect(render("https://example.com")).toContain('target="_blank" rel="noopener nofollow noreferrer"');
  });

  it("makes no headings that would break the page's outline, and no form controls", () => {
    const html = render("# One\n\n- [x] done\n- [ ] open\n\nNote[^1]\n\n[^1]: below");
    expect(html).not.toMatch(/<h[1-6]|<input/);
  });
});

describe("what is allowed", () => {
  it("renders emphasis, code, lists, quotes, tables and line breaks", () => {
    const html = render("**b** *i* `c`\nnext\n\n- one\n\n> quote\n\n| a |\n| - |\n| b |");
    for (const tag of ["<strong>", "<em>", "<code>", "<br/>", "<ul>", "<blockquote>", "<table>"])
      expect(html).toContain(tag);
  });

  it("marks mentions in running text, one's own apart, and leaves code and links alone", () => {
    const html = render("@mara and @jonas, `@mara`, [@mara](https://example.com), mail@mara.example");
    expect(html.match(/data-self="true"/g)).toHaveLength(1);
    expect(html).toMatch(/<span[^>]*>@jonas<\/span>/);
    expect(html).toContain("<code>@mara</code>");
  });

  it("keeps paths of this server, but nothing that only looks like one", () => {
    expect(safeUrl("/\\evil.example")).toBe("");
    expect(safeUrl("//evil.example")).toBe("");
    expect(safeUrl("/rooms/general?message=1")).toBe("/rooms/general?message=1");
  });
});
