import { configurationPage } from "../../packages/server/src/platform/config/config.docs.ts";
import { openApiDocument } from "../../packages/server/src/transports/http/docs/openapi.ts";
import { framesPage } from "./frames.page.ts";

/** One generated file: where it lies in the repository, and what it holds. */
export interface GeneratedFile {
  path: string;
  text: string;
}

const endingInOneLine = (text: string): string => `${text.trimEnd()}\n`;

/** Every file of the repository that is made from the code. */
export function generatedFiles(): GeneratedFile[] {
  return [
    { path: "docs/operate/configuration.md", text: endingInOneLine(configurationPage()) },
    { path: "docs/integrate/frames.md", text: endingInOneLine(framesPage()) },
    { path: "docs/integrate/openapi.json", text: endingInOneLine(JSON.stringify(openApiDocument(), null, 2)) },
  ];
}
