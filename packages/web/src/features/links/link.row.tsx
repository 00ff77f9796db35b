import type { IdentityLink, ProviderOffer, SignInProvider } from "@foyer/protocol";
import { Badge, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ConfirmDialog } from "../../ui/confirm.dialog.tsx";
import { Row } from "../../ui/row.list.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { dayText } from "../../ui/when.text.tsx";
import { ProviderMark } from "../auth/provider.mark.tsx";
import { LevelDialog } from "./level.dialog.tsx";
import styles from "./links.module.css";
import { linksQuery } from "./links.query.ts";
import { linksTexts as t } from "./links.texts.ts";
import { OtherAddressDialog, otherAddress } from "./other.address.tsx";
import { isShort } from "./permission.levels.ts";
import { waysBack } from "./return.path.ts";

/** Goes to a provider to connect an account of it, or to connect it again. */
function useConnect(provider: SignInProvider) {
  const client = useClient();
  return useMutation({
    mutationFn: (level?: IdentityLink["permissionLevel"]) =>
      client.api.startLink({
        params: { provider },
        body: { ...waysBack(provider), ...(level === undefined ? {} : { permissionLevel: level }) },
      }),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => {
      if (otherAddress(error) === undefined) sayError(error);
    },
  });
}

/** A provider of which one has no account here. */
export function OfferRow({ offer }: { offer: ProviderOffer }) {
  const connect = useConnect(offer.provider);
  return (
    <Row
      icon={<ProviderMark provider={offer.provider} size={22} />}
      title={offer.name}
      note={t.notConnected}
      actions={
        <>
          <Button
            variant="default"
            size="xs"
            loading={connect.isPending || connect.isSuccess}
            aria-label={t.connectNamed(offer.name)}
            onClick={() => connect.mutate(undefined)}
          >
            {t.connect}
          </Button>
          <OtherAddressDialog provider={offer.name} error={connect.error} onClose={connect.reset} />
        </>
      }
    />
  );
}

interface LinkRowProps {
  link: IdentityLink;
  offer: ProviderOffer | undefined;
  /** Nothing else would be left to sign in with. */
  isLast: boolean;
}

/** An outside account that is connected, or was. */
export function LinkRow({ link, offer, isLast }: LinkRowProps) {
  const connect = useConnect(link.provider);
  const [open, setOpen] = useState<"unlink" | "level">();
  const revoked = link.status === "revoked";
  const level = link.effectivePermissionLevel;
  return (
    <Row
      icon={<ProviderMark provider={link.provider} size={22} />}
      title={
        <>
          <span>{link.providerName}</span>
          <Badge variant="light" color={revoked ? "red" : "brass"}>
            {revoked ? t.revoked : t.connected}
          </Badge>
          {level != null && (
            <Badge variant="light" color="gray">
              {t.levels[level].name}
            </Badge>
          )}
        </>
      }
      note={
        <>
          {link.name} · {t.since(dayText(link.linkedAt))}
          {revoked && <div className={styles.warn}>{t.revokedNote(link.providerName)}</div>}
          {!revoked && isShort(link) && <div className={styles.warn}>{t.short(link.providerName)}</div>}
          {isLast && <div>{t.lastWayIn}</div>}
        </>
      }
      actions={
        <>
          {(revoked || isShort(link)) && (
            <Button
              size="xs"
              loading={connect.isPending || connect.isSuccess}
              aria-label={t.againNamed(link.providerName)}
              onClick={() => connect.mutate(link.permissionLevel)}
            >
              {t.again}
            </Button>
          )}
          {link.permissionLevel !== undefined && offer?.levelScopes !== undefined && (
            <Button
              variant="default"
              size="xs"
              aria-label={t.levelNamed(link.providerName)}
              onClick={() => setOpen("level")}
            >
              {t.level}
            </Button>
          )}
          {!isLast && (
            <Button
              variant="default"
              size="xs"
              aria-label={t.unlinkNamed(link.providerName)}
              onClick={() => setOpen("unlink")}
            >
              {t.unlink}
            </Button>
          )}
          <OtherAddressDialog provider={link.providerName} error={connect.error} onClose={connect.reset} />
          <UnlinkDialog link={link} opened={open === "unlink"} onClose={() => setOpen(undefined)} />
          {offer?.levelScopes !== undefined && (
            <LevelDialog
              link={link}
              levels={offer.levelScopes}
              opened={open === "level"}
              onClose={() => setOpen(undefined)}
            />
          )}
        </>
      }
    />
  );
}

function UnlinkDialog({ link, opened, onClose }: { link: IdentityLink; opened: boolean; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const unlink = useMutation({
    mutationFn: () => client.api.unlink({ params: { provider: link.provider } }),
    onSuccess: async () => {
      say(t.unlinked(link.providerName));
      onClose();
      await queries.invalidateQueries({ queryKey: linksQuery(client).queryKey });
    },
  });
  return (
    <ConfirmDialog
      title={t.unlinkTitle(link.providerName)}
      action={t.unlink}
      opened={opened}
      busy={unlink.isPending}
      error={unlink.error}
      onConfirm={() => unlink.mutate()}
      onClose={onClose}
    >
      <p className={styles.plain}>{t.unlinkLead(link.providerName, link.name)}</p>
    </ConfirmDialog>
  );
}
