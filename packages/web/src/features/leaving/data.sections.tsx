import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useStepUp } from "../../app/step.up.ts";
import { Section } from "../../ui/sections.frame.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { DeleteDialog } from "./delete.dialog.tsx";
import styles from "./leaving.module.css";
import { leavingTexts as t } from "./leaving.texts.ts";
import { isFresh } from "./proof.life.ts";

const exportPath = "/api/auth/export";

/** One's own data: taking it along, and leaving. */
export function DataSections() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <ExportSection />
      <Section title={t.deleteTitle} lead={t.deleteLead}>
        <Button color="red" variant="outline" onClick={() => setOpen(true)}>
          {t.deleteAct}
        </Button>
        <DeleteDialog opened={open} onClose={() => setOpen(false)} />
      </Section>
    </>
  );
}

function ExportSection() {
  const client = useClient();
  const stepUp = useStepUp();
  const begin = useMutation({
    mutationFn: async () => {
      const { stepUp: proof } = await client.api.getSecurity();
      // The browser itself downloads the file, as it comes: a refusal would end up in the file, so it is asked before.
      if (!isFresh(proof.until, Date.now()) && !(await stepUp.ask(proof.methods))) return false;
      const link = document.createElement("a");
      link.href = exportPath;
      link.download = "";
      link.click();
      return true;
    },
    onSuccess: (begun) => {
      if (begun) say(t.exportStarted);
    },
    onError: sayError,
  });
  return (
    <Section title={t.exportTitle} lead={t.exportLead}>
      <p className={styles.plain}>{t.exportWhat}</p>
      <Group>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={begin.isPending}
          onClick={() => begin.mutate()}
        >
          {t.exportAct}
        </Button>
        <span className={styles.note}>{t.exportFresh}</span>
      </Group>
    </Section>
  );
}
