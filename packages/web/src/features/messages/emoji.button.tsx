import { OnDemand, onDemand } from "../../ui/on.demand.tsx";
import { type EmojiButtonProps, EmojiTrigger } from "./emoji.trigger.tsx";

const popover = onDemand(async () => (await import("./emoji.popover.tsx")).EmojiPopover);

/** Opens the emoji picker, which is loaded the first time. */
export function EmojiButton(props: EmojiButtonProps) {
  return (
    <OnDemand
      popup="dialog"
      fetch={popover.fetch}
      trigger={(trigger) => <EmojiTrigger look={props.look} {...trigger} />}
    >
      <popover.View {...props} />
    </OnDemand>
  );
}
