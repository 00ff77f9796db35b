import { splitDiscord } from "./discord.split.ts";

/** The part of a Markdown tree that this plugin looks at. */
interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
  position?: { start: { offset?: number } };
  data?: { hName: string; hProperties?: Record<string, string> };
}

const untouched = new Set(["inlineCode", "code"]);

/**
 * A remark plugin for what Discord's Markdown has besides: mentions and timestamps become spans with `data-discord`,
 * `||x||` a spoiler, `__x__` is underlined, and a line that begins with `-# ` is small.
 */
export function remarkDiscord() {
  return (tree: MarkdownNode, file: { toString(): string }): void => mark(tree, file.toString());
}

function mark(node: MarkdownNode, source: string): void {
  if (node.type === "strong" && source[node.position?.start.offset ?? -1] === "_") node.data = { hName: "u" };
  if (node.children === undefined || untouched.has(node.type)) return;
  if (node.type === "paragraph") node.children = withSmallLines(node.children);
  node.children = node.children.flatMap((child) => {
    if (child.type === "text" && child.value !== undefined) return nodesOf(child.value);
    mark(child, source);
    return [child];
  });
}

function nodesOf(text: string): MarkdownNode[] {
  return splitDiscord(text).map((part): MarkdownNode => {
    if (part.kind === "text") return { type: "text", value: part.text };
    if (part.kind === "spoiler") return span({ dataDiscord: "spoiler" }, part.text);
    if (part.kind === "mention") return span({ dataDiscord: part.what, dataId: part.id }, part.text);
    return span({ dataDiscord: "time", dataSeconds: String(part.seconds), dataStyle: part.style }, "");
  });
}

function span(hProperties: Record<string, string>, text: string): MarkdownNode {
  return { type: "discord", data: { hName: "span", hProperties }, children: [{ type: "text", value: text }] };
}

const small = /^-# +/;

/** Puts each line of a paragraph that begins with `-# ` into a `small`. Lines are divided by `break` nodes. */
function withSmallLines(children: MarkdownNode[]): MarkdownNode[] {
  const lines: MarkdownNode[][] = [[]];
  for (const child of children) {
    lines.at(-1)?.push(child);
    if (child.type === "break") lines.push([]);
  }
  return lines.flatMap((line) => {
    const [first, ...rest] = line;
    if (first?.type !== "text" || !small.test(first.value ?? "")) return line;
    const shown = [{ ...first, value: (first.value ?? "").replace(small, "") }, ...rest];
    return [{ type: "small", data: { hName: "small" }, children: shown }];
  });
}
