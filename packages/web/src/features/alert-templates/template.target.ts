import type { AlertTemplate, Destination, GuildConfigView, StreamerOverride } from "@foyer/protocol";

/** Whose template is edited: the server's, a destination's, or a destination's for one streamer. */
export interface TemplateTarget {
  kind: "server" | "destination" | "override";
  /** What is used there now. */
  template: AlertTemplate;
  /** It has one of its own; the server always has. */
  isOwn: boolean;
  /** Whose is used as long as it has none of its own. */
  inheritsFrom: "server" | "destination";
  destination: Destination | undefined;
  override: StreamerOverride | undefined;
}

/** What is to be edited, from the choices of the page; what is not there falls back to the level above. */
export function templateTarget(
  config: GuildConfigView,
  destination: Destination | undefined,
  override: StreamerOverride | undefined,
): TemplateTarget {
  if (destination === undefined) {
    const server = { template: config.template, isOwn: true, inheritsFrom: "server" } as const;
    return { kind: "server", ...server, destination: undefined, override: undefined };
  }
  const inherited = destination.template ?? config.template;
  if (override === undefined) {
    const isOwn = destination.template !== null;
    return { kind: "destination", template: inherited, isOwn, inheritsFrom: "server", destination, override };
  }
  return {
    kind: "override",
    template: override.template ?? inherited,
    isOwn: override.template !== null,
    inheritsFrom: "destination",
    destination,
    override,
  };
}
