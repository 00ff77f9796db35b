/** How somebody wants to hear of a broadcaster in a guild. */
export interface Choice {
  discord: boolean;
  push: boolean;
}
