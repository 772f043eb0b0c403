/** What the model itself plays of a strike, beside and as partials. */
import { ControlMap, createControls, type Controls } from '../../controls.ts';
import { knockSound, mixKnock } from '../../knock.ts';
import { keyEmbedding, noteNetwork, type TensorLookup } from '../../reference/note-network.ts';
import { bandResonators } from '../../reference/noise.ts';
import { noisePower } from '../../reference/voice.ts';
import { FIRST_NOTE, type Spec } from '../../spec.ts';
import type { Style } from '../../style.ts';
import { KNOCK_WAVES } from '../../tensors.ts';
import { fundamental } from '../../tuning.ts';
import type { Frames } from './frames.ts';

/** Controls of a strike as the network has them, with the key's own embedding, without its modes. */
export function networkControls(spec: Spec, tensors: TensorLookup, style: Pick<Style, 'embedding' | 'keys' | 'tuning'>, note: number, velocity: number): Controls {
  const controls = createControls(spec);
  const raw = noteNetwork(spec, tensors, note, velocity, keyEmbedding(style, note));
  new ControlMap(spec).apply(raw, fundamental(style.tuning, note), style.tuning.inharmonicity[note - FIRST_NOTE]!, velocity, controls);
  return controls;
}

/** Spectral density of each noise band of variance 1 at `frequencies`, against white noise of variance 1: `[bands][frequencies]`. */
export function bandDensities(spec: Spec, frequencies: readonly number[]): Float64Array[] {
  return bandResonators(spec).map(({ re, im, gain }) =>
    Float64Array.from(frequencies, (frequency) => {
      const omega = (2 * Math.PI * frequency) / spec.sampleRate;
      const [x, y] = [twoPoles(re, im, omega), twoPoles(re, -im, omega)];
      return ((gain * gain) / 3) * 0.25 * ((x.re + y.re) ** 2 + (x.im + y.im) ** 2);
    }),
  );
}

/** 1 / (1 - p e^(-i omega))^2 for a pole p. */
function twoPoles(poleRe: number, poleIm: number, omega: number): { re: number; im: number } {
  const [cos, sin] = [Math.cos(omega), Math.sin(omega)];
  const re = 1 - (poleRe * cos + poleIm * sin);
  const im = -(poleIm * cos - poleRe * sin);
  const [squareRe, squareIm] = [re * re - im * im, 2 * re * im];
  const size = squareRe ** 2 + squareIm ** 2;
  return { re: squareRe / size, im: -squareIm / size };
}

/** Expected power of noise and knock in the cells around bins `centres`, `[centres][frames]`, in `count` frames of a strike. */
export function powerBeside(spec: Spec, tensors: TensorLookup, frames: Frames, controls: Controls, densities: readonly Float64Array[], centres: readonly number[], count: number): Float64Array[] {
  const knock = knockSpectra(spec, tensors, frames, controls);
  const noise = Array.from({ length: count }, (_, n) => densities.map((_, b) => noisePower(controls, b, frames.time(n))));
  return centres.map((centre, c) =>
    Float64Array.from(noise, (bands, n) => {
      const density = bands.reduce((sum, power, b) => sum + power * densities[b]![c]!, 0);
      return density * frames.noise * frames.cell(centre).length + (knock[n] === undefined ? 0 : frames.power(knock[n], centre));
    }),
  );
}

function knockSpectra(spec: Spec, tensors: TensorLookup, frames: Frames, controls: Controls): number[][] {
  if (controls.knockAmplitude === 0) return [];
  const mixed = mixKnock(spec, tensors.get(KNOCK_WAVES)!, controls.knockShape).map((x) => controls.knockAmplitude * x);
  const sound = knockSound(spec, mixed);
  const padded = new Float64Array(sound.length + frames.length);
  padded.set(sound);
  return frames.spectra(padded, 0);
}
