import type { PushDevice } from "@foyer/protocol";
import { Badge, Button } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { errorCode, SaidError } from "../../ui/error.text.ts";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo, say, sayError } from "../../ui/undo.toast.tsx";
import { dayText, When } from "../../ui/when.text.tsx";
import styles from "./notifications.module.css";
import { devicesQuery } from "./notifications.queries.ts";
import { notificationsTexts } from "./notifications.texts.ts";
import { addDevice, type DeviceAbility, deviceAbility, ownDevice, removeDevice } from "./push.device.ts";

const t = notificationsTexts.devices;

const words: Record<Exclude<DeviceAbility, "possible">, { title: string; text: string }> = {
  blocked: { title: t.blockedTitle, text: t.blocked },
  home_screen: { title: t.homeTitle, text: t.home },
  insecure: { title: t.insecureTitle, text: t.insecure },
  unsupported: { title: t.unsupportedTitle, text: t.unsupported },
};

/** Which device this browser is. Asked again when the list is. */
function useOwnDevice() {
  const accountId = useSession().account?.accountId ?? "";
  return useQuery({
    queryKey: ["push-devices", "own", accountId],
    queryFn: async () => (await ownDevice(accountId)) ?? null,
  });
}

/** Phones and browsers that are notified, this one first of all. */
export function DevicesSection() {
  const query = useQuery(devicesQuery(useClient()));
  const own = useOwnDevice();
  const [removing, setRemoving] = useState<ReadonlySet<string>>(new Set());
  const devices = (query.data?.items ?? []).filter(({ pushId }) => !removing.has(pushId));
  const remove = useRemove(setRemoving);
  return (
    <Section title={t.title} lead={t.lead}>
      {(query.isPending || (query.isSuccess && own.isPending)) && <LoadingState rows={3} />}
      {query.isError && query.data === undefined && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data !== undefined && !own.isPending && (
        <>
          {!devices.some(({ pushId }) => pushId === own.data) && <ThisDevice />}
          {devices.length > 0 && (
            <RowList label={t.list}>
              {devices.map((device) => (
                <DeviceRow
                  key={device.pushId}
                  device={device}
                  isOwn={device.pushId === own.data}
                  onRemove={() => remove(device)}
                />
              ))}
            </RowList>
          )}
        </>
      )}
    </Section>
  );
}

/** Takes a device out of the list at once, and away for good when the time to undo it has passed. */
function useRemove(mark: (change: (ids: ReadonlySet<string>) => ReadonlySet<string>) => void) {
  const client = useClient();
  const queries = useQueryClient();
  return ({ pushId, name }: PushDevice) => {
    const restore = () => mark((ids) => new Set([...ids].filter((id) => id !== pushId)));
    mark((ids) => new Set([...ids, pushId]));
    deferWithUndo({
      message: t.removing(name),
      commit: async () => {
        try {
          await removeDevice(client, pushId);
        } catch (error) {
          // Somebody was faster, or the browser had gone.
          if (errorCode(error) !== "push.not_found") throw error;
        }
        await queries.invalidateQueries({ queryKey: devicesQuery(client).queryKey });
        restore();
      },
      restore,
    });
  };
}

function DeviceRow({ device, isOwn, onRemove }: { device: PushDevice; isOwn: boolean; onRemove: () => void }) {
  const phone = /android|iphone|ipad|mobile/i.test(device.name);
  return (
    <Row
      icon={phone ? <IconDeviceMobile size={22} aria-hidden /> : <IconDeviceDesktop size={22} aria-hidden />}
      title={
        <>
          <span>{device.name}</span>
          {isOwn && <Badge variant="light">{t.this}</Badge>}
        </>
      }
      note={
        <>
          {t.since(dayText(device.createdAt))} ·{" "}
          {device.lastSentAt === null ? (
            t.never
          ) : (
            <>
              {t.last} <When at={device.lastSentAt} />
            </>
          )}
        </>
      }
      actions={
        <Button variant="default" size="xs" aria-label={t.removeNamed(device.name)} onClick={onRemove}>
          {t.remove}
        </Button>
      }
    />
  );
}

/** The way to be notified here, or why there is none. */
function ThisDevice() {
  const client = useClient();
  const queries = useQueryClient();
  const accountId = useSession().account?.accountId ?? "";
  const [ability, setAbility] = useState(() => deviceAbility());
  const add = useMutation({
    mutationFn: () => addDevice(client, accountId),
    onSuccess: async (device) => {
      setAbility(deviceAbility());
      if (device === undefined) return;
      say(t.added);
      await queries.invalidateQueries({ queryKey: devicesQuery(client).queryKey });
    },
    // What the browser throws itself is in words for whoever wrote it.
    onError: (error) => sayError(error instanceof DOMException ? new SaidError(t.failed) : error),
  });
  if (ability !== "possible") {
    const { title, text } = words[ability];
    return (
      <div className={`${styles.card} ${styles.device}`}>
        <p className={styles.cardText} role="status">
          <span className={styles.cardTitle}>{title}</span>
          {text}
        </p>
      </div>
    );
  }
  return (
    <div className={`${styles.card} ${styles.device}`}>
      <p className={styles.cardText} role="status">
        {add.isSuccess && add.data === undefined ? t.refused : t.addNote}
      </p>
      <Button loading={add.isPending} onClick={() => add.mutate()}>
        {t.add}
      </Button>
    </div>
  );
}
