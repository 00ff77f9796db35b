import type { ProgramToken } from "@foyer/protocol";
import { Badge, Button } from "@mantine/core";
import { IconPlus, IconRobot } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ConfirmDialog } from "../../ui/confirm.dialog.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { programsTexts as t } from "./programs.texts.ts";
import { TokenDialog } from "./token.dialog.tsx";
import { isExpired, lifeText } from "./token.life.ts";
import { tokensKey } from "./tokens.query.ts";

/** Tokens for programs that act as oneself. */
export function TokensSection() {
  const client = useClient();
  const [creating, setCreating] = useState(false);
  const query = useQuery({ queryKey: tokensKey, queryFn: ({ signal }) => client.api.listTokens({ signal }) });
  const items = query.data?.items ?? [];
  return (
    <Section
      title={t.title}
      lead={t.lead}
      aside={
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
          {t.create}
        </Button>
      }
    >
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && (
        <EmptyState icon={<IconRobot size={28} aria-hidden />} title={t.empty} hint={t.emptyHint} />
      )}
      {items.length > 0 && (
        <RowList label={t.list}>
          {items.map((token) => (
            <TokenRow key={token.tokenId} token={token} />
          ))}
        </RowList>
      )}
      <TokenDialog opened={creating} onClose={() => setCreating(false)} />
    </Section>
  );
}

function TokenRow({ token }: { token: ProgramToken }) {
  const client = useClient();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => client.api.revokeToken({ params: { tokenId: token.tokenId } }),
    onSuccess: async () => {
      say(t.revoked(token.name));
      setAsking(false);
      await queries.invalidateQueries({ queryKey: tokensKey });
    },
  });
  return (
    <Row
      icon={<IconRobot size={22} aria-hidden />}
      title={
        <>
          <span>{token.name}</span>
          {isExpired(token) && (
            <Badge variant="light" color="red">
              {t.expired}
            </Badge>
          )}
          {token.scopes.map((scope) => (
            <Badge key={scope} variant="light" color="gray">
              {t.scopes[scope].name}
            </Badge>
          ))}
        </>
      }
      note={
        <>
          {t.ends(token.hint)} · {lifeText(token)}
        </>
      }
      actions={
        <>
          <Button variant="default" size="xs" aria-label={t.revokeNamed(token.name)} onClick={() => setAsking(true)}>
            {t.revoke}
          </Button>
          <ConfirmDialog
            title={t.revokeTitle(token.name)}
            action={t.revoke}
            opened={asking}
            busy={revoke.isPending}
            error={revoke.error}
            onConfirm={() => revoke.mutate()}
            onClose={() => setAsking(false)}
          >
            <p style={{ margin: 0 }}>{t.revokeLead}</p>
          </ConfirmDialog>
        </>
      }
    />
  );
}
