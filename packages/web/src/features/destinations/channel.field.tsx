import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { errorText } from "../../ui/error.text.ts";
import { channelsQuery } from "../alerts/alerts.queries.ts";
import { channelGroups } from "./channel.groups.ts";
import { destinationsTexts as t } from "./destinations.texts.ts";

interface ChannelFieldProps {
  guildId: string;
  value: string;
  error?: ReactNode;
  onChange: (channelId: string) => void;
}

/** A channel of a Discord server, with what the bot may not do there. */
export function ChannelField({ guildId, value, error, onChange }: ChannelFieldProps) {
  const channels = useQuery({ ...channelsQuery(useClient(), guildId), refetchOnWindowFocus: "always" });
  const items = channels.data?.items ?? [];
  const missing = items.find(({ channelId }) => channelId === value)?.missing ?? [];
  const problem = channels.isError ? errorText(channels.error) : error;
  return (
    <Select
      label={t.channel}
      placeholder={t.channelPlaceholder}
      searchable
      nothingFoundMessage={t.noChannels}
      disabled={channels.isPending}
      data={channelGroups(items, t.lacks)}
      value={value === "" ? null : value}
      error={problem ?? (missing.length > 0 ? t.channelMissing(missing.join(", ")) : undefined)}
      onChange={(channelId) => onChange(channelId ?? "")}
    />
  );
}
