import { Avatar } from "@mantine/core";
import { FoyerMark } from "../../ui/foyer.mark.tsx";

interface MarkProps {
  guildId: string;
  name: string;
  iconUrl: string | null;
  size?: number;
}

/** Picture of a server: Foyer's mark for this one; for others Discord's icon or, where it cannot be had, a letter. */
export function GuildMark({ guildId, name, iconUrl, size = 32 }: MarkProps) {
  return (
    <Avatar
      src={guildId === "here" ? null : iconUrl}
      size={size}
      radius="md"
      alt=""
      aria-hidden
      imageProps={{ referrerPolicy: "no-referrer" }}
    >
      {guildId === "here" ? <FoyerMark size={Math.round(size * 0.6)} /> : [...name][0]?.toUpperCase()}
    </Avatar>
  );
}
