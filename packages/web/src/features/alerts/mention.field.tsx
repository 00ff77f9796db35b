import type { MentionChoice } from "@foyer/protocol";
import { NativeSelect, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { rolesQuery } from "./alerts.queries.ts";
import { choiceTexts as t } from "./choice.texts.ts";

interface MentionFieldProps {
  guildId: string;
  /** Null: whatever is chosen one level above. */
  value: MentionChoice | null;
  /** What null is called; undefined: something must be chosen. */
  inherit?: string;
  error?: string | undefined;
  onChange: (value: MentionChoice | null) => void;
}

/** Whom the alerts of a Discord server mention. A role that is not chosen yet has an empty id, which no server takes. */
export function MentionField({ guildId, value, inherit, error, onChange }: MentionFieldProps) {
  const kinds = [...(inherit === undefined ? [] : ["inherit" as const]), "nobody", "role", "followers"] as const;
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t.mention}
        {...(value?.kind === "followers" && { description: t.followersHint })}
        data={kinds.map((kind) => ({ value: kind, label: kind === "inherit" ? (inherit ?? "") : t.mentions[kind] }))}
        value={value?.kind ?? "inherit"}
        onChange={(event) => {
          const kind = event.currentTarget.value;
          if (kind === "inherit") onChange(null);
          else if (kind === "role") onChange({ kind, roleId: "" });
          else onChange({ kind: kind as "nobody" | "followers" });
        }}
      />
      {value?.kind === "role" && (
        <RoleField
          guildId={guildId}
          value={value.roleId}
          error={error}
          onChange={(roleId) => onChange({ kind: "role", roleId })}
        />
      )}
    </Stack>
  );
}

interface RoleFieldProps {
  guildId: string;
  value: string;
  error: string | undefined;
  onChange: (roleId: string) => void;
}

function RoleField({ guildId, value, error, onChange }: RoleFieldProps) {
  const roles = useQuery(rolesQuery(useClient(), guildId));
  const mentionable = (roles.data?.items ?? []).filter((role) => role.mentionable || role.roleId === value);
  return (
    <Select
      label={t.role}
      description={t.roleHint}
      placeholder={t.rolePlaceholder}
      searchable
      nothingFoundMessage={t.noRoles}
      disabled={roles.isPending}
      error={roles.isError ? t.noRoles : error}
      data={mentionable.map(({ roleId, name }) => ({ value: roleId, label: name }))}
      value={value === "" ? null : value}
      onChange={(roleId) => onChange(roleId ?? "")}
      allowDeselect={false}
    />
  );
}

/** What is wrong with a choice before anybody is asked; null: nothing. */
export function mentionProblem(value: MentionChoice | null): string | null {
  return value?.kind === "role" && value.roleId === "" ? t.roleEmpty : null;
}
