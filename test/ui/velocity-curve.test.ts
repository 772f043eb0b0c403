import { describe, expect, it } from 'vitest';
import { HEAVIEST_TOUCH, LIGHTEST_TOUCH, bendVelocity } from '../../ui/velocity-curve.ts';
import { smallPiano } from '../worklet/fixtures.ts';

const TOUCHES = [LIGHTEST_TOUCH, -0.5, 0, 0.25, 0.5, HEAVIEST_TOUCH];

const engine = smallPiano();
/** Whether the piano strikes a string at a velocity of MIDI, with a touch. */
function strikes(velocity: number, touch: number): boolean {
  engine.reset();
  engine.noteOn(60, bendVelocity(velocity / 127, touch), 0);
  engine.render(new Float32Array(256));
  return engine.voices > 0;
}

describe('the touch', () => {
  it.each(TOUCHES)('%f lets every strike be heard, and no key that goes down silently', (touch) => {
    for (let velocity = 1; velocity <= 127; velocity++) expect(strikes(velocity, touch), `velocity ${velocity}`).toBe(velocity > 1);
  });

  it.each(TOUCHES)('%f rises from 0 to 1, and never falls', (touch) => {
    const curve = Array.from({ length: 128 }, (_, velocity) => bendVelocity(velocity / 127, touch));
    expect(curve[0]).toBe(0);
    expect(curve[127]).toBe(1);
    curve.forEach((heard, i) => expect(heard).toBeGreaterThanOrEqual(curve[i - 1] ?? 0));
  });

  it('as it comes changes nothing', () => {
    for (let velocity = 0; velocity <= 127; velocity++) expect(bendVelocity(velocity / 127, 0)).toBe(velocity / 127);
  });
});
