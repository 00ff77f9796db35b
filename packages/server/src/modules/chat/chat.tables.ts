import type { Generated, Selectable } from "kysely";

/** Tables of chat. Times are milliseconds since 1970; booleans are 0 and 1, so that both engines agree. */
export interface ChatTables {
  rooms: {
    id: string;
    kind: "public" | "private" | "direct";
    name: string;
    topic: string;
    slow_mode_seconds: number;
    guests: "none" | "read" | "write";
    archived_at: number | null;
    created_at: number;
    created_by: string | null;
    /** Identity of the room's stream: changes when a backup is restored. */
    epoch: string;
    /** The offset that was given out last. */
    head_offset: number;
    last_message_at: number | null;
    /** For direct rooms the sorted account ids, so that the same people get the same room. */
    direct_key: string | null;
  };
  members: {
    room_id: string;
    account_id: string;
    room_role: "owner" | "member";
    joined_at: number;
    read_offset: number;
  };
  messages: {
    /** SQLite only, there for the full-text index: a stable integer key. Never read elsewhere. */
    row: Generated<number>;
    id: string;
    room_id: string;
    offset: number;
    version: number;
    author_id: string;
    body: string;
    client_id: string | null;
    reply_to: string | null;
    /** JSON array of account ids. */
    mentions: string | null;
    mentions_room: number;
    created_at: number;
    edited_at: number | null;
    deleted_at: number | null;
    deleted_by: string | null;
    pinned_at: number | null;
    pinned_by: string | null;
  };
  mentions: { account_id: string; room_id: string; offset: number; message_id: string };
  reactions: { room_id: string; message_id: string; emoji: string; account_id: string; created_at: number };
  revisions: { id: string; message_id: string; body: string; replaced_at: number };
  sanctions: {
    id: string;
    kind: "mute" | "ban";
    /** Null: the whole server. */
    room_id: string | null;
    account_id: string | null;
    address_hash: string | null;
    /** Null: until lifted. */
    until: number | null;
    reason: string;
    created_by: string | null;
    created_at: number;
    lifted_at: number | null;
  };
  invites: {
    id: string;
    room_id: string;
    /** SHA-256 of the token in hex. */
    token_hash: string;
    created_by: string;
    created_at: number;
    expires_at: number | null;
    max_uses: number;
    uses: number;
    revoked_at: number | null;
  };
  word_filters: { id: string; kind: "literal" | "pattern"; expression: string; created_by: string; created_at: number };
  reports: {
    id: string;
    room_id: string;
    message_id: string;
    author_id: string;
    excerpt: string;
    reason: string;
    reporter_id: string;
    created_at: number;
    closed_at: number | null;
    closed_by: string | null;
    outcome: "dismissed" | "acted" | null;
  };
}

export type RoomRow = Selectable<ChatTables["rooms"]>;
export type MemberRow = Selectable<ChatTables["members"]>;
/** Without the key that is there for the full-text index alone. */
export type MessageRow = Omit<Selectable<ChatTables["messages"]>, "row">;
export type SanctionRow = Selectable<ChatTables["sanctions"]>;
