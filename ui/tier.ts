/** Which size of the model this machine can play: measured where the element starts, before the weights are fetched. */
import { createControls } from '../model/controls.ts';
import { SPECS, type Tier } from '../model/spec.ts';
import { Kernel } from '../worklet/engine/kernel.ts';
import { Layout } from '../worklet/engine/layout.ts';
import { Strings } from '../worklet/engine/strings.ts';
import { fetchKernel } from '../worklet/kernel-files.ts';
import { packageFile } from '../worklet/package-files.ts';

/** Each trial rings so many ticks; the fastest of some trials counts, since whatever else runs only makes it slower. */
const TICKS = 48;
const TRIALS = 6;
/** Ticks in which the code gets warm. */
const WARM_UP = 100;
/**
 * Modes of thirty-two notes, and how much of one core they may take where the standard tier is played. Strings are
 * most of what a full piano costs, so noise, WaveNet, room and browser have the rest.
 */
const FULL_PIANO_MODES = 5000;
const SHARE = 0.35;

/** Modes, each sounded in real time, that one core could carry: times ringing strings for some milliseconds. */
export function measureModes(module: WebAssembly.Module): number {
  const spec = SPECS.standard;
  const layout = new Layout();
  const strings = new Strings(layout, spec, 1);
  strings.attach(new Kernel(module, layout));
  const controls = createControls(spec);
  controls.partialCount = spec.strings.partials;
  controls.frequency.forEach((_, i) => (controls.frequency[i] = 100 * (i + 1)));
  controls.promptAmplitude.fill(0.1);
  controls.aftersoundAmplitude.fill(0.1);
  strings.strike(0, controls, 0);
  for (let tick = 0; tick < WARM_UP; tick++) strings.ring(0);
  let fastest = Infinity;
  for (let trial = 0; trial < TRIALS; trial++) {
    const start = performance.now();
    for (let tick = 0; tick < TICKS; tick++) strings.ring(0);
    fastest = Math.min(fastest, performance.now() - start);
  }
  // Coarse clocks may see no time at all pass.
  const seconds = Math.max(fastest, 0.02) / 1000;
  return (strings.modes(0) * TICKS * spec.tick) / (seconds * spec.sampleRate);
}

/** Measures this machine. @throws as `fetchKernel` does */
export async function suitableTier(): Promise<Tier> {
  const { module } = await fetchKernel(packageFile);
  return tierFor(measureModes(module));
}

/** @param modes that one core could carry */
export function tierFor(modes: number): Tier {
  return modes * SHARE >= FULL_PIANO_MODES ? 'standard' : 'small';
}
