/** What the page and its service worker agree on. */

/** A file that the page needs without a network, at once or once it was used. */
export interface KeptFile {
  readonly path: string;
  readonly when: 'at once' | 'once used';
  /** SHA-256 of its content, in hexadecimal. */
  readonly hash: string;
}

/** Message to a waiting service worker: the player wants the new version now. */
export const USE_NEW_VERSION = 'use-new-version';
