/** A piano's name as it is engraved, and what is said about it besides. */
export interface PianoName {
  readonly name: string;
  /** Empty where the name says all. */
  readonly detail: string;
}

/** Parts `Headroom Piano, Yamaha C3` and `Upright Piano (Kawai)` at the comma or the bracket. */
export function partName(full: string): PianoName {
  const [, name = full, detail = ''] = /^([^,(]+?)\s*[,(]\s*(.+?)\)?$/.exec(full) ?? [];
  return { name, detail };
}
