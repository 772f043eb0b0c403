/** Float64 reference of one voice: its damper, its strings and its share of noise and conditioning. */
import type { Controls } from '../controls.ts';
import type { Spec } from '../spec.ts';

export interface ReferenceVoice {
  /** Model sample of the strike. */
  readonly start: number;
  readonly controls: Controls;
  /** Damper gain D for the samples from `start` on. */
  readonly damper: Float64Array;
}

/** Damper gain at absolute sample n. */
export function damperAt(voice: ReferenceVoice, n: number): number {
  return voice.damper[n - voice.start]!;
}

/** Adds the voice's strings to `out`, sample 0 of which is the engine's first. */
export function addStrings(spec: Spec, voice: ReferenceVoice, out: Float64Array): void {
  const c = voice.controls;
  for (let n = voice.start; n < out.length; n++) {
    const t = (n - voice.start) / spec.sampleRate;
    let sum = 0;
    for (let i = 0; i < c.partialCount; i++) {
      const turn = (frequency: number, phase: number): number => Math.sin(2 * Math.PI * frequency * t + phase);
      sum += c.promptAmplitude[i]! * Math.exp(-c.promptRate[i]! * t) * turn(c.frequency[i]! - c.beat[i]! / 2, c.phase[i]!);
      sum += c.aftersoundAmplitude[i]! * Math.exp(-c.aftersoundRate[i]! * t) * turn(c.frequency[i]! + c.beat[i]! / 2, c.phase[i]! + c.lead[i]!);
    }
    out[n]! += damperAt(voice, n) * (1 - Math.exp(-c.attackRate * t)) * sum;
  }
}

/** Mean power of the voice's strings t seconds after the strike, without damper and attack. */
export function stringPower(controls: Controls, t: number): number {
  let power = 0;
  for (let i = 0; i < controls.partialCount; i++) {
    power += 0.5 * (controls.promptAmplitude[i]! * Math.exp(-controls.promptRate[i]! * t)) ** 2;
    power += 0.5 * (controls.aftersoundAmplitude[i]! * Math.exp(-controls.aftersoundRate[i]! * t)) ** 2;
  }
  return power;
}

type NoiseControl = 'strikeAmplitude' | 'strikeRate' | 'bodyAmplitude' | 'bodyRate' | 'riseRate';

/** Power of the voice's noise in band b, t seconds after the strike, without damper. */
export function noisePower(controls: Readonly<Record<NoiseControl, ArrayLike<number>>>, b: number, t: number): number {
  const rise = 1 - Math.exp(-controls.riseRate[b]! * t);
  const strike = controls.strikeAmplitude[b]! * Math.exp(-controls.strikeRate[b]! * t);
  const body = controls.bodyAmplitude[b]! * Math.exp(-controls.bodyRate[b]! * t);
  return rise * rise * (strike * strike + body * body);
}
