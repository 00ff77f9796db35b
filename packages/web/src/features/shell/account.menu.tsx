import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { isGuest, useSession } from "../../app/session.ts";
import { OnDemand, onDemand } from "../../ui/on.demand.tsx";
import { AccountButton } from "./account.button.tsx";
import styles from "./account.module.css";
import { shellTexts as texts } from "./shell.texts.ts";

const dropdown = onDemand(async () => (await import("./account.dropdown.tsx")).AccountDropdown);

/** Who one is, at the foot of the rooms: settings, appearance and the way out; for guests the way in. */
export function AccountMenu() {
  const session = useSession();
  const account = session.account;
  if (account === null || isGuest(session)) {
    return (
      <div className={styles.guest}>
        <span className={styles.note}>{texts.guestNote}</span>
        <Button component={Link} to="/sign-in" size="xs" fullWidth>
          {texts.signIn}
        </Button>
        {session.registration === "open" && (
          <Button component={Link} to="/sign-up" size="xs" variant="default" fullWidth>
            {texts.signUp}
          </Button>
        )}
      </div>
    );
  }
  return (
    <OnDemand popup="menu" fetch={dropdown.fetch} trigger={(props) => <AccountButton account={account} {...props} />}>
      <dropdown.View account={account} />
    </OnDemand>
  );
}
