import { hasRole, type Role } from "@foyer/protocol/constants";
import { Button } from "@mantine/core";
import {
  IconFlag,
  IconGavel,
  IconHistory,
  IconPlugConnected,
  IconShieldLock,
  IconTextScan2,
  IconUsers,
} from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSession } from "../../app/session.ts";
import { SectionsFrame } from "../../ui/sections.frame.tsx";
import { EmptyState } from "../../ui/state.view.tsx";
import { ModerationDialogs } from "../moderation/moderation.dialogs.tsx";
import { RoomsButton } from "../shell/rooms.button.tsx";
import { AccountsSection } from "./accounts.section.tsx";
import { adminTexts as t } from "./admin.texts.ts";
import { AuditSection } from "./audit.section.tsx";
import { BansSection } from "./bans.section.tsx";
import { FiltersSection } from "./filters.section.tsx";
import { IntegrationsSections } from "./integrations.sections.tsx";
import { ReportsSection } from "./reports.section.tsx";
import { VaultSection } from "./vault.section.tsx";

interface AdminSection {
  id: keyof Omit<typeof t.sections, "label">;
  needs: Role;
  icon: ReactNode;
  view: ReactNode;
  wide?: boolean;
}

const sections: readonly AdminSection[] = [
  { id: "reports", needs: "moderator", icon: <IconFlag size={18} aria-hidden />, view: <ReportsSection /> },
  { id: "bans", needs: "moderator", icon: <IconGavel size={18} aria-hidden />, view: <BansSection /> },
  { id: "filters", needs: "moderator", icon: <IconTextScan2 size={18} aria-hidden />, view: <FiltersSection /> },
  { id: "accounts", needs: "admin", icon: <IconUsers size={18} aria-hidden />, view: <AccountsSection />, wide: true },
  {
    id: "integrations",
    needs: "admin",
    icon: <IconPlugConnected size={18} aria-hidden />,
    view: <IntegrationsSections />,
  },
  { id: "vault", needs: "owner", icon: <IconShieldLock size={18} aria-hidden />, view: <VaultSection /> },
  { id: "audit", needs: "owner", icon: <IconHistory size={18} aria-hidden />, view: <AuditSection /> },
];

/** What moderators, admins and owners see of the whole server; each section for those whose role allows it. */
export function AdminPage() {
  const { account } = useSession();
  const { _splat } = useParams({ strict: false });
  const allowed = sections.filter((section) => account !== null && hasRole(account.role, section.needs));
  const active = allowed.find((section) => section.id === _splat) ?? allowed[0];
  if (active === undefined) {
    return (
      <SectionsFrame title={t.title} before={<RoomsButton />} label={t.sections.label} active="" sections={[]}>
        <EmptyState
          title={t.forbidden}
          hint={t.forbiddenHint}
          action={
            <Button component={Link} to="/" variant="default">
              {t.back}
            </Button>
          }
        />
      </SectionsFrame>
    );
  }
  return (
    <SectionsFrame
      title={t.title}
      before={<RoomsButton />}
      label={t.sections.label}
      active={active.id}
      wide={active.wide === true}
      sections={allowed.map(({ id, icon }) => ({ id, icon, label: t.sections[id], path: `/admin/${id}` }))}
    >
      <ModerationDialogs>{active.view}</ModerationDialogs>
    </SectionsFrame>
  );
}
