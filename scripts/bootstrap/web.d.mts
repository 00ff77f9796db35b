/** Builds the pages, unless what is built belongs to the sources as they are. One line on the terminal. */
export function ensureWeb(): void;
