import { splitMentions } from "./mention.split.ts";

/** The part of a Markdown tree that this plugin looks at. */
interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
  data?: { hName: string; hProperties: Record<string, string> };
}

const untouched = new Set(["link", "linkReference", "inlineCode", "code"]);

/** A remark plugin that turns `@handle` in running text into spans with `data-mention`, outside links and code. */
export function remarkMentions() {
  return (tree: MarkdownNode): void => mark(tree);
}

function mark(node: MarkdownNode): void {
  if (node.children === undefined || untouched.has(node.type)) return;
  node.children = node.children.flatMap((child) => {
    if (child.type !== "text" || child.value === undefined) {
      mark(child);
      return [child];
    }
    return splitMentions(child.value).map(
      (part): MarkdownNode =>
        part.mention === undefined
          ? { type: "text", value: part.text }
          : {
              type: "mention",
              data: { hName: "span", hProperties: { dataMention: part.mention } },
              children: [{ type: "text", value: part.text }],
            },
    );
  });
}
