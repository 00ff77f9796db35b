import type { Account } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";
import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconBroadcast, IconLogout, IconSettings, IconShieldHalf } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useLeave } from "../../app/session.ts";
import { sayError } from "../../ui/undo.toast.tsx";
import { AccountButton } from "./account.button.tsx";
import { shellTexts as texts } from "./shell.texts.ts";

const schemes = ["auto", "light", "dark"] as const;

/** The account's menu with its button, opened from the start. */
export function AccountDropdown(props: { account: Account }) {
  const leave = useLeave();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const moderates = hasRole(props.account.role, "moderator");
  return (
    <Menu defaultOpened position="top-start" width={220} shadow="md">
      <Menu.Target>
        <AccountButton account={props.account} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          renderRoot={(root) => <Link to="/settings/$" params={{ _splat: "" }} {...root} />}
          leftSection={<IconSettings size={16} aria-hidden />}
        >
          {texts.settings}
        </Menu.Item>
        <Menu.Item
          renderRoot={(root) => <Link to="/alerts" {...root} />}
          leftSection={<IconBroadcast size={16} aria-hidden />}
        >
          {texts.alerts}
        </Menu.Item>
        {moderates && (
          <Menu.Item
            renderRoot={(root) => <Link to="/admin/$" params={{ _splat: "" }} {...root} />}
            leftSection={<IconShieldHalf size={16} aria-hidden />}
          >
            {texts.admin}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>{texts.appearance}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
          {schemes.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick={false}>
              {texts.schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave().catch(sayError)}>
          {texts.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
