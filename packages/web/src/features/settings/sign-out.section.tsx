import { Button } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useLeave } from "../../app/session.ts";
import { Section } from "../../ui/sections.frame.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import { settingsTexts } from "./settings.texts.ts";

const t = settingsTexts.signOut;

/** Ends the session of this browser. */
export function SignOutSection() {
  const leave = useLeave();
  const signOut = useMutation({ mutationFn: leave, onError: sayError });
  return (
    <Section title={t.title} lead={t.lead}>
      <Button
        variant="default"
        leftSection={<IconLogout size={16} aria-hidden />}
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        {t.action}
      </Button>
    </Section>
  );
}
