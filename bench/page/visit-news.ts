/** What the visited page and the benchmark agree on. */

/** Address of the listener on the audio thread, served besides the page's own files. */
export const LISTENER = '/onset.js';

/** What `VISIT_MARK` and a JSON object behind it say on the console. */
export type VisitNews =
  | { readonly type: 'ready'; /** The middle of a white key, in CSS pixels. */ readonly x: number; readonly y: number }
  | ({ readonly type: 'heard' } & PageTimes);

export interface PageTimes {
  /** Whether the audio was still asleep when the mouse was pressed. */
  readonly asleep: boolean;
  /** From the press of the mouse to the block of the audio thread with the first sound; the way to the loudspeaker comes on top. */
  readonly clickToSound: number;
  /** Milliseconds since the navigation until the piano can be played. */
  readonly ready: number;
}

export const VISIT_MARK = 'visit ';
