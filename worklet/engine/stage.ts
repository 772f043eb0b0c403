/** Where the piano stands: from middle and side of the engine to left and right, in a room. */
import { USUAL_ROOM, type RoomShape } from '../../model/room.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';
import { Room } from './room.ts';

/** Side of the outermost keys as a share of their middle, at full width: 6 dB between left and right. */
const SPAN = 0.33;
/** Seconds in which width and room move to where they are set. */
const GLIDE_SECONDS = 0.05;

/** What a player hears from the bench: the bass on the left. Side as a share of the middle, for a note. */
export function sideOf(note: number): number {
  return SPAN * (1 - (2 * (note - FIRST_NOTE)) / (NOTE_COUNT - 1));
}

/**
 * Left = middle + width * side, right = middle - width * side, and the room on both: the sum of
 * left and right is twice the middle, whatever the width. Allocates only in the constructor.
 */
export class Stage {
  readonly #room: Room;
  readonly #step: number;
  #width = NaN;
  #level = NaN;
  #wantedWidth = NaN;
  #wantedLevel = NaN;

  /** @param sampleRate in Hz */
  constructor(sampleRate: number) {
    this.#room = new Room(sampleRate);
    this.#step = 1 / (GLIDE_SECONDS * sampleRate);
    this.reset(0, 0);
  }

  /** Width of the keyboard and level of the room, 0..1, and the room of the style, at once. */
  reset(width: number, room: number, shape: RoomShape = USUAL_ROOM): void {
    this.#width = width;
    this.#wantedWidth = width;
    this.#level = room;
    this.#wantedLevel = room;
    this.#room.reset(shape, room);
  }

  /** Goes over to the room of another style, gliding. */
  setRoom(shape: RoomShape = USUAL_ROOM): void {
    this.#room.shape = shape;
  }

  /** As `reset`, but gliding, so that nothing clicks. */
  set(width: number, room: number): void {
    this.#wantedWidth = width;
    this.#wantedLevel = room;
  }

  /** @param left holds the middle, and then the left side; @param right holds the side, and then the right one */
  process(left: Float32Array, right: Float32Array): void {
    const frames = left.length;
    const width = this.#width;
    const level = this.#level;
    const most = this.#step * frames;
    this.#width += clamp(this.#wantedWidth - width, most);
    this.#level += clamp(this.#wantedLevel - level, most);
    const widthStep = (this.#width - width) / frames;
    const levelStep = (this.#level - level) / frames;
    const room = this.#room;
    room.glide(frames, this.#level);
    const dry = (level === 0 && this.#level === 0) || room.isSilent(left);
    for (let n = 0; n < frames; n++) {
      const middle = left[n]!;
      const side = (width + widthStep * n) * right[n]!;
      left[n] = middle + side;
      right[n] = middle - side;
      if (dry) continue;
      room.next(middle);
      const wet = level + levelStep * n;
      left[n]! += wet * room.left;
      right[n]! += wet * room.right;
    }
    if (this.#level === 0 && level > 0) room.clear();
  }
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
