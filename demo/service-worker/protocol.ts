/** What the page and its service worker agree on. */

/** A file that the page needs without a network. */
export interface KeptFile {
  readonly path: string;
  /** SHA-256 of its content, in hexadecimal. */
  readonly hash: string;
}

/** Message to a waiting service worker: the player wants the new version now. */
export const USE_NEW_VERSION = 'use-new-version';
