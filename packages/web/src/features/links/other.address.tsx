import { FoyerError } from "@foyer/client";
import { Button } from "@mantine/core";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import styles from "./links.module.css";
import { linksTexts as t } from "./links.texts.ts";

/** The page to open instead, where an account cannot be connected at the address that this one was opened at. */
export function otherAddress(error: unknown): URL | undefined {
  const is = error instanceof FoyerError && error.code === "link.other_address" && error.url !== undefined;
  return is && URL.canParse(error.url ?? "") ? new URL(error.url ?? "") : undefined;
}

interface OtherAddressProps {
  provider: string;
  error: unknown;
  onClose: () => void;
}

/** Says where to connect an account instead, when that is what is wrong. */
export function OtherAddressDialog({ provider, error, onClose }: OtherAddressProps) {
  const there = otherAddress(error);
  return (
    <DialogFrame title={t.otherTitle(there?.host ?? "")} opened={there !== undefined} onClose={onClose}>
      <p className={styles.plain}>{t.otherLead(provider, location.host, there?.host ?? "")}</p>
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button component="a" href={there?.href ?? ""} data-autofocus>
          {t.otherAct(there?.host ?? "")}
        </Button>
      </DialogActions>
    </DialogFrame>
  );
}
