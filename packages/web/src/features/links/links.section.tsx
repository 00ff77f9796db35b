import type { LinkList, ProviderOffer } from "@foyer/protocol";
import { Badge } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useClient } from "../../app/client.context.tsx";
import { providersQuery } from "../../app/server.query.ts";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { LinkRow, OfferRow } from "./link.row.tsx";
import styles from "./links.module.css";
import { linksQuery } from "./links.query.ts";
import { linksTexts as t } from "./links.texts.ts";

/** The ways to sign in that one has, and those that one could have. */
export function LinksSection() {
  const client = useClient();
  const links = useQuery(linksQuery(client));
  const providers = useQuery(providersQuery(client));
  const failed = links.isError ? links : providers.isError ? providers : undefined;
  useWelcome(links.data);
  return (
    <Section title={t.title} lead={t.lead}>
      {failed !== undefined && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {failed === undefined && (links.data === undefined || providers.data === undefined) && <LoadingState rows={3} />}
      {failed === undefined && links.data !== undefined && providers.data !== undefined && (
        <Ways links={links.data} offers={providers.data.items} />
      )}
    </Section>
  );
}

function Ways({ links, offers }: { links: LinkList; offers: readonly ProviderOffer[] }) {
  const free = offers.filter(({ provider }) => !links.items.some((link) => link.provider === provider));
  return (
    <>
      <RowList label={t.list}>
        <Row
          icon={<IconLock size={22} aria-hidden />}
          title={
            <>
              <span>{t.password}</span>
              {links.hasPassword && <Badge variant="light">{t.connected}</Badge>}
            </>
          }
          note={links.hasPassword ? t.passwordSet : t.passwordUnset}
        />
        {links.items.map((link) => (
          <LinkRow
            key={link.provider}
            link={link}
            offer={offers.find(({ provider }) => provider === link.provider)}
            isLast={links.lastWayIn === link.provider}
          />
        ))}
        {free.map((offer) => (
          <OfferRow key={offer.provider} offer={offer} />
        ))}
      </RowList>
      {offers.length === 0 && <p className={styles.note}>{t.none}</p>}
    </>
  );
}

/** Says that an account is connected when somebody comes back from a provider, once. */
function useWelcome(links: LinkList | undefined): void {
  const { linked } = useSearch({ strict: false });
  const navigate = useNavigate();
  useEffect(() => {
    if (linked === undefined || links === undefined) return;
    const link = links.items.find(({ provider }) => provider === linked);
    if (link !== undefined) say(t.linked(link.providerName));
    void navigate({ to: "/settings/$", params: { _splat: "sign-in" }, search: {}, replace: true });
  }, [linked, links, navigate]);
}
