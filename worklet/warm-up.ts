/** The first run of new code takes several times as long: an engine plays to itself before it is heard. */
import type { Engine } from './engine/engine.ts';

const BLOCK = 128;
const BLOCKS_PER_SLICE = 2;
/** Slices of a whole warm-up. */
export const WARM_UP_SLICES = 32;

const block = new Float32Array(BLOCK);

/** Plays one slice: strikes, releases and pedal. @param slice 0 .. `WARM_UP_SLICES` - 1; `reset` the engine after the last */
export function warmUp(engine: Engine, slice: number): void {
  if (slice === 0) engine.control(64, 127);
  if (slice % 4 === 0) engine.noteOn(36 + 2 * slice, 0.5);
  if (slice % 4 === 2) engine.noteOff(32 + 2 * slice);
  for (let i = 0; i < BLOCKS_PER_SLICE; i++) engine.render(block);
}
