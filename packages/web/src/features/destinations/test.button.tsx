import type { Destination, TestResult } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { errorText } from "../../ui/error.text.ts";
import styles from "./destinations.module.css";
import { destinationsTexts as t } from "./destinations.texts.ts";

/** What became of a test. */
export type TestOutcome = Pick<TestResult, "ok" | "problem" | "latencyMs">;

interface TestButtonProps {
  guildId: string;
  destination: Pick<Destination, "destinationId" | "name">;
  /** Undefined as soon as another test begins. */
  onOutcome: (outcome: TestOutcome | undefined) => void;
  size?: "xs" | "sm";
  variant?: "default" | "filled";
}

/** Sends a real message that mentions nobody. */
export function TestButton({ guildId, destination, onOutcome, size = "xs", variant = "default" }: TestButtonProps) {
  const client = useClient();
  const { destinationId, name } = destination;
  const send = useMutation({
    mutationFn: () => client.api.testDestination({ params: { guildId, destinationId } }),
    onMutate: () => onOutcome(undefined),
    onSuccess: onOutcome,
    onError: (error) => onOutcome({ ok: false, problem: errorText(error), latencyMs: 0 }),
  });
  return (
    <Button
      variant={variant}
      size={size}
      loading={send.isPending}
      aria-label={t.testNamed(name)}
      onClick={() => send.mutate()}
    >
      {t.test}
    </Button>
  );
}

/** Says what became of a test, also to those who do not see it. */
export function TestOutcomeLine({ outcome }: { outcome: TestOutcome | undefined }) {
  return (
    <div role="status">
      {outcome !== undefined && (
        <span className={outcome.ok ? styles.good : styles.warn}>
          {outcome.ok ? t.tested(outcome.latencyMs) : `${t.testFailed} ${outcome.problem ?? ""}`}
        </span>
      )}
    </div>
  );
}
