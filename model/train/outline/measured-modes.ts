/** What was measured of a key's partials, in the controls that an outline is made of. */
import { gainOf } from '../../decibels.ts';
import { MODE_NUMBERS, MODE_STEPS, sideOf, type ModeNumber } from '../../key-modes.ts';
import type { StrikeControls } from './view-loss.ts';

/** Controls with their modes, and the way back for derivatives. */
export interface MeasuredStrike {
  readonly controls: StrikeControls;
  /** Radians by which each partial's aftersound mode starts ahead. */
  readonly lead: Float64Array;
  /** Derivatives by `controls` become, in place, derivatives by what the network said. */
  back(gradient: StrikeControls): void;
}

const SIZE = MODE_NUMBERS.length;

/** As `applyModes` does for one strike that is played. @param modes a row of `Style.modes` */
export function measuredStrike(network: StrikeControls, modes: readonly number[]): MeasuredStrike {
  const partials = network.beat.length;
  const lead = new Float64Array(partials);
  const known = modes[0] ?? 0;
  const steps = (i: number, name: ModeNumber): number => MODE_STEPS[name] * (modes[1 + i * SIZE + MODE_NUMBERS.indexOf(name)] ?? 0);
  const factors = Array.from({ length: Math.min(partials, Math.max(0, modes.length - 1) / SIZE) }, (_, i) => {
    const level = gainOf(steps(i, 'level'));
    lead[i] = 2 * Math.PI * steps(i, 'lead');
    return {
      promptAmplitude: level,
      aftersoundAmplitude: level * gainOf(steps(i, 'aftersound')),
      promptRate: Math.exp(steps(i, 'promptRate')),
      aftersoundRate: Math.exp(steps(i, 'aftersoundRate')),
      beat: sideOf(steps(i, 'beat')) * (1 - known),
    };
  });
  const scale = (controls: StrikeControls): void =>
    factors.forEach((factor, i) => {
      for (const name of Object.keys(factor) as (keyof typeof factor)[]) controls[name][i]! *= factor[name];
    });
  const controls = { ...network };
  for (const name of ['promptAmplitude', 'aftersoundAmplitude', 'promptRate', 'aftersoundRate', 'beat'] as const) controls[name] = network[name].slice();
  scale(controls);
  factors.forEach((_, i) => (controls.beat[i]! += steps(i, 'beat')));
  return { controls, lead, back: scale };
}
