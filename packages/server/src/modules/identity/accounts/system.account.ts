import type { Profile } from "@foyer/protocol";

/**
 * The author of what the server itself says, such as alerts in rooms. It is nobody's account: it has no row, no
 * password and no session, and its handle is reserved. The id has the form of all ids, with a time before the first.
 */
export const systemProfile: Profile = {
  accountId: "00000000-0000-7000-8000-000000000001",
  handle: "foyer",
  displayName: "Foyer",
};
