import type { Member, Profile } from "@foyer/protocol";

/** Rooms of more people than this tell only how many are here. */
export const presenceListLimit = 200;

/** Somebody in the list of people: a member, or somebody who is only looking in. */
export interface Person {
  profile: Profile;
  member: Member | undefined;
  /** Undefined where only counts are kept. */
  online: boolean | undefined;
}

/**
 * Members and those who are here now, split into the two and each by name. `present` is the live list of who is here;
 * without it the members' own `online` counts, as it was when they were asked for.
 */
export function groupPeople(
  members: readonly Member[],
  present: readonly Profile[] | undefined,
): { online: Person[]; offline: Person[] } {
  const here = new Map((present ?? []).map((profile) => [profile.accountId, profile]));
  const people: Person[] = members.map((member) => ({
    profile: member,
    member,
    online: present === undefined ? member.online === true : here.has(member.accountId),
  }));
  const known = new Set(members.map((member) => member.accountId));
  for (const profile of here.values()) {
    if (!known.has(profile.accountId)) people.push({ profile, member: undefined, online: true });
  }
  const byName = (a: Person, b: Person) =>
    a.profile.displayName.localeCompare(b.profile.displayName, undefined, { sensitivity: "base" });
  return {
    online: people.filter((person) => person.online).sort(byName),
    offline: people.filter((person) => !person.online).sort(byName),
  };
}

/** Whether a name or handle holds what was typed. */
export function matches(profile: Profile, query: string): boolean {
  const wanted = query.toLocaleLowerCase();
  return profile.displayName.toLocaleLowerCase().includes(wanted) || profile.handle.includes(wanted);
}
