/** The room that a piano stands in, as far as its style knows it. */

export interface RoomShape {
  /** Seconds in which sound falls by 60 dB, in the bass and at the highest frequencies. */
  readonly decaySeconds: number;
  readonly highDecaySeconds: number;
  /** Amplitude of the room, 1 where it is as loud as the piano in it. */
  readonly level: number;
}

/** Bounds of a style's room. */
export const ROOM_BOUNDS = { decaySeconds: [0.2, 1.2], highDecaySeconds: [0.02, 0.3], level: [0, 1] } as const;

/** A small room, where nothing is known. */
export const USUAL_ROOM: RoomShape = { decaySeconds: 0.7, highDecaySeconds: 0.08, level: 1 };

/** A room between two: seconds in equal ratios, the level on a line. @param t 0 gives `a`, 1 gives `b` */
export function interpolateRooms(a: RoomShape, b: RoomShape, t: number): RoomShape {
  const ratio = (from: number, to: number): number => from * (to / from) ** t;
  return {
    decaySeconds: ratio(a.decaySeconds, b.decaySeconds),
    highDecaySeconds: ratio(a.highDecaySeconds, b.highDecaySeconds),
    level: a.level + (b.level - a.level) * t,
  };
}
