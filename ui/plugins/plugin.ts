/** A plugin as the player sees it, and as it is kept. */

/** What is kept of a plugin with the player's settings. */
export interface KeptPlugin {
  /** Address of its module. */
  readonly url: string;
  readonly bypassed: boolean;
  /** As the plugin gave it; it alone knows what it means. */
  readonly state: unknown;
}

export type PluginStatus = 'loading' | 'on' | 'muted';

/** One row of the list. */
export interface Plugin {
  /** Tells it from others of the same address. */
  readonly id: string;
  readonly url: string;
  /** Effects are heard one after the other; a decoder takes the place of the piano's own. */
  readonly kind: 'effect' | 'decoder';
  /** Its own; the last part of the address until it is known. */
  readonly name: string;
  readonly vendor: string;
  readonly status: PluginStatus;
  /** Why it is muted, in a sentence; empty while it is not. */
  readonly problem: string;
  readonly bypassed: boolean;
}

/** The last part of an address that says anything. */
export function nameOf(url: string): string {
  const parts = url.replace(/[?#].*$/, '').split('/').filter((part) => part !== '' && !/^(?:index|main|dist|src)(?:\.m?js)?$/.test(part));
  return (parts.at(-1) ?? url).replace(/\.m?js$/, '');
}
