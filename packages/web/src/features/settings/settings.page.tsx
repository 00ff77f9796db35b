import {
  IconBell,
  IconDatabase,
  IconKey,
  IconLogin2,
  IconMail,
  IconPalette,
  IconShieldLock,
  IconUser,
} from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { onDemand } from "../../ui/on.demand.tsx";
import { SectionsFrame } from "../../ui/sections.frame.tsx";
import { LoadingState } from "../../ui/state.view.tsx";
import { RoomsButton } from "../shell/rooms.button.tsx";
import { AppearanceSection } from "./appearance.section.tsx";
import { EmailSection } from "./email.section.tsx";
import { PasswordSection } from "./password.section.tsx";
import { ProfileSection } from "./profile.section.tsx";
import { SessionsSection } from "./sessions.section.tsx";
import { settingsTexts as t } from "./settings.texts.ts";
import { SignOutSection } from "./sign-out.section.tsx";

const Links = onDemand(async () => (await import("../links/links.section.tsx")).LinksSection).View;
const Factors = onDemand(async () => (await import("../factors/second.factor.sections.tsx")).SecondFactorSections).View;
const Tokens = onDemand(async () => (await import("../programs/tokens.section.tsx")).TokensSection).View;
const Notifications = onDemand(
  async () => (await import("../notifications/notifications.sections.tsx")).NotificationsSections,
).View;
const Data = onDemand(async () => (await import("../leaving/data.sections.tsx")).DataSections).View;

interface SettingsSection {
  id: keyof Omit<typeof t.sections, "label">;
  icon: ReactNode;
  view: ReactNode;
}

const sections: readonly SettingsSection[] = [
  {
    id: "profile",
    icon: <IconUser size={18} aria-hidden />,
    view: (
      <>
        <ProfileSection />
        <SignOutSection />
      </>
    ),
  },
  { id: "email", icon: <IconMail size={18} aria-hidden />, view: <EmailSection /> },
  {
    id: "sign-in",
    icon: <IconLogin2 size={18} aria-hidden />,
    view: (
      <>
        <Links />
        <PasswordSection />
      </>
    ),
  },
  {
    id: "security",
    icon: <IconShieldLock size={18} aria-hidden />,
    view: (
      <>
        <Factors />
        <SessionsSection />
      </>
    ),
  },
  { id: "notifications", icon: <IconBell size={18} aria-hidden />, view: <Notifications /> },
  { id: "tokens", icon: <IconKey size={18} aria-hidden />, view: <Tokens /> },
  { id: "data", icon: <IconDatabase size={18} aria-hidden />, view: <Data /> },
  { id: "appearance", icon: <IconPalette size={18} aria-hidden />, view: <AppearanceSection /> },
];

/** Settings of one's own account, one section at a time; the address says which. */
export function SettingsPage() {
  const { _splat } = useParams({ strict: false });
  const active = sections.find((section) => section.id === _splat) ?? sections[0];
  return (
    <SectionsFrame
      title={t.title}
      before={<RoomsButton />}
      label={t.sections.label}
      sections={sections.map(({ id, icon }) => ({ id, icon, label: t.sections[id], path: `/settings/${id}` }))}
      active={active?.id ?? "profile"}
    >
      <Suspense fallback={<LoadingState rows={5} />}>{active?.view}</Suspense>
    </SectionsFrame>
  );
}
