import type { Caller } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Access } from "../access.ts";
import type { Accounts, Messages } from "../chat.ports.ts";

export interface MessagesFaceDeps {
  messages: Messages;
  access: Access;
  accounts: Pick<Accounts, "createGuest">;
}

/** Mounts messages, pins and revisions. Reading asks access here; what writes checks it itself. */
export function mountMessages(http: HttpFace, { messages, access, accounts }: MessagesFaceDeps): void {
  http.mount("listMessages", async ({ caller, params: { roomId }, query }) => {
    await access.load(caller, roomId);
    return messages.page(roomId, query);
  });
  http.mount("sendMessage", async ({ caller, params: { roomId }, body, setSession }) => {
    const sender = await senderOf(caller, roomId, setSession);
    return messages.send(sender, { roomId, ...body });
  });
  http.mount("getMessage", async ({ caller, params: { roomId, messageId } }) => {
    await access.load(caller, roomId);
    return messages.get(roomId, messageId);
  });
  http.mount("editMessage", ({ account, params: { roomId, messageId }, body }) =>
    messages.edit(account(), roomId, messageId, body.message),
  );
  http.mount("deleteMessage", ({ account, params: { roomId, messageId } }) =>
    messages.remove(account(), roomId, messageId),
  );
  http.mount("pinMessage", ({ account, params: { roomId, messageId }, body }) =>
    messages.pin(account(), roomId, messageId, body.on),
  );
  http.mount("listPins", async ({ caller, params: { roomId } }) => {
    await access.load(caller, roomId);
    return { items: await messages.pins(roomId) };
  });
  http.mount("listRevisions", async ({ account, params: { roomId, messageId } }) => {
    const { rights } = await access.load(account(), roomId);
    if (!rights.moderate)
      throw new AppError("message.forbidden", "Only moderators see the earlier texts of a message.");
    return { items: await messages.revisions(roomId, messageId) };
  });

  /** Somebody without an account who may write gets one as a guest, and the cookie with the answer. */
  async function senderOf(
    caller: Caller,
    roomId: string,
    setSession: (token: string, expiresAt: number) => void,
  ): Promise<Caller> {
    if (caller.kind === "account") return caller;
    const { writeBlock } = await access.load(caller, roomId);
    if (writeBlock !== null) throw new AppError(writeBlock.code, writeBlock.message);
    const guest = await accounts.createGuest(caller.addressHash);
    setSession(guest.token, guest.expiresAt);
    return guest.caller;
  }
}
