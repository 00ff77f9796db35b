import type { Account } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";
import { Badge, Button, NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { offerUndo, sayError } from "../../ui/undo.toast.tsx";
import { shortDayText, whenText } from "../../ui/when.text.tsx";
import { type GivenRole, rolesToGive, roleTexts } from "../moderation/given.roles.ts";
import { accountsKey } from "./admin.keys.ts";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";

const t = adminTexts.accounts;

/** One account with what may be done to it: a new role, suspension. Both can be taken back for some seconds. */
export function AccountRow({ account }: { account: Account }) {
  const client = useClient();
  const queries = useQueryClient();
  const { account: self } = useSession();
  const own = self?.accountId === account.accountId;
  const above = self !== null && !own && !hasRole(account.role, self.role);
  const name = account.displayName;

  const change = async (body: { role?: GivenRole; suspended?: boolean }) => {
    await client.api.updateAccount({ params: { accountId: account.accountId }, body });
    await queries.invalidateQueries({ queryKey: accountsKey });
  };
  const setRole = useMutation({
    mutationFn: async (role: GivenRole) => {
      const before = account.role;
      await change({ role });
      offerUndo({
        message: t.roleChanged(name, roleTexts[role]),
        undo: () => (before === "guest" ? Promise.resolve() : change({ role: before })),
      });
    },
    onError: sayError,
  });
  const suspend = useMutation({
    mutationFn: async (suspended: boolean) => {
      await change({ suspended });
      offerUndo({
        message: suspended ? t.suspendedDone(name) : t.restoredDone(name),
        undo: () => change({ suspended: !suspended }),
      });
    },
    onError: sayError,
  });
  const suspended = account.suspendedAt !== undefined;

  return (
    <tr role="row">
      <td role="cell" className={styles.person}>
        <PersonAvatar person={account} size={32} />
        <div className={styles.names}>
          <div className={styles.name}>
            {name} {own && <Badge variant="light">{t.you}</Badge>}
          </div>
          <div className={styles.sub}>
            @{account.handle}
            {account.email !== undefined && ` · ${account.email}`}
          </div>
        </div>
      </td>
      <td role="cell">
        {above && account.role !== "guest" ? (
          <NativeSelect
            aria-label={t.roleOf(name)}
            size="sm"
            disabled={setRole.isPending}
            value={account.role}
            data={rolesToGive(self.role).map((role) => ({ value: role, label: roleTexts[role] }))}
            onChange={(event) => {
              const role = rolesToGive(self.role).find((given) => given === event.currentTarget.value);
              if (role !== undefined) setRole.mutate(role);
            }}
          />
        ) : (
          roleTexts[account.role]
        )}
      </td>
      <td role="cell" className={`${styles.quiet} ${styles.since}`}>
        <time dateTime={account.createdAt}>{shortDayText(account.createdAt)}</time>
      </td>
      <td role="cell">
        <div className={styles.state}>
          {account.suspendedAt !== undefined ? (
            <span className={styles.suspended}>{t.suspendedSince(whenText(account.suspendedAt))}</span>
          ) : (
            <span className={`${styles.quiet} ${styles.active}`}>{t.active}</span>
          )}
          {above && (
            <Button
              variant="default"
              size="xs"
              className={styles.target}
              loading={suspend.isPending}
              aria-label={suspended ? t.restoreNamed(name) : t.suspendNamed(name)}
              onClick={() => suspend.mutate(!suspended)}
            >
              {suspended ? t.restore : t.suspend}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}
