/**
 * Folders with files that the server serves; undefined: where this repository has them. A release puts a module of its
 * own in place of this one.
 */
export const webRoot: string | undefined = undefined;
export const docsRoot: string | undefined = undefined;
