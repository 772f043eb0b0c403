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

/** Names for where there is little room; pianos of one name are told apart by the last that is said about them. */
export function shortNames(fulls: readonly string[]): string[] {
  const parts = fulls.map(partName);
  return parts.map(({ name, detail }, i) => {
    const alone = parts.every((other, j) => j === i || other.name !== name);
    return alone || detail === '' ? name : `${name}, ${detail.split(', ').at(-1)!}`;
  });
}
