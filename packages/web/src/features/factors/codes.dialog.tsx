import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useSession } from "../../app/session.ts";
import { CopyButton } from "../../ui/copy.button.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { saveFile } from "../../ui/save.file.ts";
import { uiTexts } from "../../ui/ui.texts.ts";
import styles from "./factors.module.css";
import { factorsTexts } from "./factors.texts.ts";
import { codesFile } from "./secret.text.ts";

const t = factorsTexts.codes;

/** Shows recovery codes, this once. Only its own button closes it: they must not be lost by a slip. */
export function CodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { account } = useSession();
  const text = codesFile(t.fileHead(location.origin, account?.handle ?? ""), codes);

  const download = () => saveFile(t.file, new Blob([text], { type: "text/plain" }));

  return (
    <DialogFrame title={t.dialog} opened onClose={onClose} tall held>
      <p className={styles.lead}>{t.lead}</p>
      <ul className={styles.codes} aria-label={t.list}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.tools}>
        <CopyButton text={codes.join("\n")} label={t.copy} />
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={download}>
          {uiTexts.download}
        </Button>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{t.kept}</Button>
      </DialogActions>
    </DialogFrame>
  );
}
