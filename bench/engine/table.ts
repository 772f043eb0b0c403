/** A table that is read at a glance: what, measured, and the bar where there is one. */

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly bar?: { readonly text: string; readonly met: boolean };
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)} %`;

/** Lines of the sections in common columns. */
export function tableOf(sections: readonly Section[]): string[] {
  const rows = sections.flatMap((section) => section.rows);
  const width = (column: 'what' | 'measured'): number => Math.max(...rows.map((row) => row[column].length));
  const [what, measured] = [width('what'), width('measured')];
  const line = (row: Row): string => {
    const bar = row.bar === undefined ? '' : `  ${row.bar.met ? 'ok    ' : 'MISSED'}  bar: ${row.bar.text}`;
    return `  ${row.what.padEnd(what)}  ${row.measured.padEnd(measured)}${bar}`.trimEnd();
  };
  return sections.flatMap(({ title, rows: own }) => [title, ...own.map(line), '']);
}
