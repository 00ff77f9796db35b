import type { Account } from "@foyer/protocol";
import { UnstyledButton } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import styles from "./account.module.css";
import { shellTexts as texts } from "./shell.texts.ts";

/** The button with picture and name that opens the menu. */
export function AccountButton({ account, className, ...rest }: { account: Account } & ComponentPropsWithRef<"button">) {
  return (
    <UnstyledButton className={`${styles.account} ${className ?? ""}`} {...rest}>
      <span className="visually-hidden">{texts.accountOf} </span>
      <PersonAvatar person={account} size={32} />
      <span className={styles.names}>
        <span className={styles.name}>{account.displayName}</span>
        <span className={styles.handle}>@{account.handle}</span>
      </span>
      <IconSelector size={16} stroke={1.75} aria-hidden />
    </UnstyledButton>
  );
}
