import type { IdentityLink, PermissionLevel } from "@foyer/protocol";
import { permissionLevels } from "@foyer/protocol/constants";
import { Badge, Button, Radio, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import { say } from "../../ui/undo.toast.tsx";
import styles from "./links.module.css";
import { linksQuery } from "./links.query.ts";
import { linksTexts as t } from "./links.texts.ts";
import { OtherAddressDialog, otherAddress } from "./other.address.tsx";
import { addedScopes, type LevelScopes, stepTo } from "./permission.levels.ts";
import { waysBack } from "./return.path.ts";

interface LevelDialogProps {
  link: IdentityLink;
  levels: LevelScopes;
  opened: boolean;
  onClose: () => void;
}

/** Chooses what Foyer may do at a provider: less counts at once, for more the provider asks. */
export function LevelDialog(props: LevelDialogProps) {
  return (
    <DialogFrame
      title={t.levelTitle(props.link.providerName)}
      opened={props.opened}
      onClose={props.onClose}
      size={560}
      tall
    >
      <LevelForm {...props} />
    </DialogFrame>
  );
}

function LevelForm({ link, levels, onClose }: LevelDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [level, setLevel] = useState<PermissionLevel>(link.permissionLevel ?? "viewer");
  const step = stepTo(link, level, levels);
  const change = useMutation({
    mutationFn: () =>
      client.api.setPermissionLevel({
        params: { provider: link.provider },
        body: { permissionLevel: level, ...waysBack(link.provider) },
      }),
    onSuccess: async ({ authorize }) => {
      if (authorize !== undefined) return location.assign(authorize.url);
      say(t.levelChanged(t.levels[level].name));
      onClose();
      await queries.invalidateQueries({ queryKey: linksQuery(client).queryKey });
    },
  });
  const note = step === "ask" ? t.toAskNote(link.providerName) : step === "at_once" ? t.atOnceNote : undefined;
  return (
    <>
      <p className={styles.lead}>{t.levelLead}</p>
      <Radio.Group
        aria-label={t.levelGroup}
        value={level}
        onChange={(value) => setLevel(permissionLevels.find((each) => each === value) ?? level)}
      >
        <Stack gap="sm">
          {permissionLevels.map((each) => (
            <LevelCard key={each} level={each} link={link} scopes={addedScopes(levels, each)} />
          ))}
        </Stack>
      </Radio.Group>
      <FormProblem error={otherAddress(change.error) === undefined ? change.error : null} />
      <OtherAddressDialog provider={link.providerName} error={change.error} onClose={change.reset} />
      <p className={styles.foot} role="status">
        {note}
      </p>
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button
          disabled={step === "none"}
          loading={change.isPending || (change.isSuccess && step === "ask")}
          onClick={() => change.mutate()}
        >
          {step === "ask" ? t.toAsk(link.providerName) : step === "at_once" ? t.atOnce : t.unchanged}
        </Button>
      </DialogActions>
    </>
  );
}

function LevelCard(props: { level: PermissionLevel; link: IdentityLink; scopes: readonly string[] }) {
  const { name, may } = t.levels[props.level];
  const id = `level-${props.level}`;
  return (
    <div className={styles.level}>
      <Radio
        value={props.level}
        aria-describedby={id}
        label={
          <span className={styles.levelName}>
            {name}
            {props.link.effectivePermissionLevel === props.level && <Badge variant="light">{t.now}</Badge>}
          </span>
        }
        classNames={{ body: styles.levelBody ?? "", label: styles.levelLabel ?? "" }}
      />
      <div className={styles.levelText}>
        <p id={id} className={styles.plain}>
          {may}
        </p>
        {props.scopes.length > 0 && (
          <details className={styles.scopes}>
            <summary>{t.asks(props.link.providerName, props.scopes.length)}</summary>
            <ul>
              {props.scopes.map((scope) => (
                <li key={scope}>
                  {t.scopes[scope] ?? scope} <code>{scope}</code>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}
