import type { AlertTemplate, DestinationKind, RenderedMessage } from "@foyer/protocol";
import type { Clock } from "../../../platform/clock/clock.ts";
import { defaultTemplate } from "./template.defaults.ts";
import { renderAlert } from "./template.render.ts";
import type { TemplateContext } from "./template.values.ts";

/** Writes alerts in the words of their destination: rooms read another Markdown than Discord. */
export function createAlertRenderer({ clock }: { clock: Clock }) {
  return {
    /** `template` null: Foyer's own. Never throws. */
    render(
      template: AlertTemplate | null,
      context: Omit<TemplateContext, "now"> & { kind: DestinationKind; stage: "live" | "ended" },
    ): RenderedMessage {
      const { kind, stage, ...rest } = context;
      const dialect = kind === "room" ? "room" : "discord";
      return renderAlert(template ?? defaultTemplate, stage, { ...rest, now: clock.now() }, dialect);
    },
  };
}
