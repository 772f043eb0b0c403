/**
 * Measures the two modes of each partial of a recorded key, in all its strikes at once.
 *
 * How a partial beats and falls is the same in every strike of a key, but for how loud it is, which the network says.
 * So what is looked for are changes of what the network has, the same for all strikes.
 */
import { CENT, type Controls } from '../../controls.ts';
import { phaseWindow, type Phasor } from '../../corpus/partial-phases.ts';
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import { MODE_NUMBERS, MODE_STEPS, MOST_MODE_STEPS, MOST_PARTIALS, type ModeNumber } from '../../key-modes.ts';
import type { TensorLookup } from '../../reference/note-network.ts';
import { FIRST_NOTE, type Spec } from '../../spec.ts';
import type { Style } from '../../style.ts';
import { PHASE_STEPS, fundamental } from '../../tuning.ts';
import { fitModes, type HeardFrame, type ModeChange } from './fit-modes.ts';
import { EARLY_FRAMES, Frames, LATE_FRAMES, LONG_FRAMES } from './frames.ts';
import { bandDensities, networkControls, powerBeside } from './modelled-strike.ts';
import { modesAt, placeModes, type TurnedFrame } from './place-modes.ts';

/** A recorded strike; it begins at sample `onset`. */
export interface RecordedStrike {
  readonly velocity: number;
  readonly audio: Float32Array;
  readonly onset: number;
}

/** What was measured of a key: its row of `Style.modes`, and of `Tuning.phases`. */
export interface MeasuredKey {
  readonly modes: number[];
  readonly phases: number[];
}

type Piano = Pick<Style, 'embedding' | 'keys' | 'tuning'>;

/** Highest frequency in Hz of a measured partial. */
const HIGHEST = 8000;
/** Modes lie this near in cents, and in Hz, to the partial of a stiff string; the peak is looked for within a quarter of the fundamental. */
const MOST_CENTS = 8;
const [LEAST_HERTZ, MOST_HERTZ] = [0.3, 8];
/** Hz, and cents, that two modes lie apart at most; and Hz that are allowed at least. */
const MOST_BEAT = 8;
const MOST_BEAT_CENTS = 12;
const LEAST_MOST_BEAT = 1;
/** Power, of a partial's greatest, under which nothing is told apart. */
const FLOOR = 1e-6;
/** Frames among which a partial's peak is looked for. */
const PEAK_FRAMES = [0, 5, 10];

/** Early windows are worth looking through where they are so much shorter than long ones. */
const SHORTER = 0.75;

/** A strike through one kind of window. */
interface View {
  readonly frames: Frames;
  /** Bin of each partial. */
  readonly centres: readonly number[];
  readonly controls: Controls;
  readonly spectra: readonly (readonly number[])[];
  /** `[partials][frames]`, as recorded, and beside the modes. */
  readonly powers: readonly Float64Array[];
  readonly beside: readonly Float64Array[];
}

/**
 * Measures one key.
 *
 * @param piano whose tuning has phases as `measurePhases` finds them, of partials that do not beat
 * @param strikes of the key, at the rate of `spec`; those too short for a window are left out
 */
export function measureKey(spec: Spec, tensors: TensorLookup, piano: Piano, note: number, strikes: readonly RecordedStrike[]): MeasuredKey {
  const f0 = fundamental(piano.tuning, note);
  const phases = [...(piano.tuning.phases?.[note - FIRST_NOTE] ?? [])];
  const long = new Frames(f0, spec.sampleRate, LONG_FRAMES);
  const early = new Frames(f0, spec.sampleRate, EARLY_FRAMES);
  const late = new Frames(f0, spec.sampleRate, LATE_FRAMES);
  const heard = strikes
    .filter(({ audio, onset }) => audio.length >= onset + long.length)
    .map((strike) => ({ ...strike, controls: networkControls(spec, tensors, piano, note, strike.velocity) }));
  if (heard.length === 0) return { modes: [], phases };
  const { frequency, partialCount } = heard[0]!.controls;
  const partials = Array.from(frequency.subarray(0, Math.min(partialCount, MOST_PARTIALS))).filter((f) => f < HIGHEST);
  const spectraOf = (frames: Frames): number[][][] => heard.map(({ audio, onset }) => frames.spectra(audio, onset - STRIKE_LEAD));
  const spectra = spectraOf(long);
  const peaks = partials.map((f) => long.frequency(peakBin(long, f0, f, spectra)));
  const viewsOf = (frames: Frames, ofStrikes = spectraOf(frames)): View[] => viewStrikes(spec, tensors, frames, peaks, heard, ofStrikes);
  const views = viewsOf(long, spectra);
  const lateViews = viewsOf(late);
  const earlyViews = early.length < SHORTER * long.length ? viewsOf(early) : [];
  const window = phaseWindow(f0);
  const modes = partials.flatMap((f, i) => {
    const framesOf = (ofStrikes: readonly View[], loudest = ofStrikes): TurnedFrame[][] =>
      ofStrikes.map((view, strike) => heardFrames(view, i, f, Math.max(...loudest[strike]!.powers[i]!) + Number.MIN_VALUE, heard.length));
    const turned = framesOf(views);
    const ownBeat = heard.reduce((sum, { controls }) => sum + controls.beat[i]!, 0) / heard.length;
    const change = fitModes([...turned, ...framesOf(earlyViews), ...framesOf(lateViews, views)].flat(), ownBeat, Math.min(MOST_BEAT, Math.max(LEAST_MOST_BEAT, f * MOST_BEAT_CENTS * CENT)));
    const { offset, side } = placeModes(turned, change, Math.min(MOST_HERTZ, Math.max(LEAST_HERTZ, f * MOST_CENTS * CENT)));
    const middle = turned[Math.floor(turned.length / 2)]![0]!;
    if (phases[i] !== undefined) phases[i] = startPhase(phases[i], middle, change, offset, side, window, spec.sampleRate);
    return stepsOf(change, offset, side);
  });
  return { modes: [1, ...modes], phases };
}

/** @param peaks Hz at which each partial is heard, @param spectra of each strike */
function viewStrikes(spec: Spec, tensors: TensorLookup, frames: Frames, peaks: readonly number[], strikes: readonly { readonly controls: Controls }[], spectra: readonly (readonly (readonly number[])[])[]): View[] {
  const centres = peaks.map((f) => frames.bin(f));
  const densities = bandDensities(spec, centres.map((bin) => frames.frequency(bin)));
  return strikes.map(({ controls }, strike) => {
    const own = spectra[strike]!;
    const powers = centres.map((centre) => Float64Array.from(own, (spectrum) => frames.power(spectrum, centre)));
    return { frames, centres, controls, spectra: own, powers, beside: powerBeside(spec, tensors, frames, controls, densities, centres, own.length) };
  });
}

/** The bin near `frequency` in which the strikes have most. */
function peakBin(frames: Frames, f0: number, frequency: number, strikes: readonly (readonly (readonly number[])[])[]): number {
  const near = frames.bin(frequency);
  const reach = Math.max(1, frames.bin(Math.min(f0 / 4, frequency * MOST_CENTS * CENT)));
  const level = (bin: number): number =>
    strikes.reduce((sum, spectra) => sum + Math.log(PEAK_FRAMES.reduce((power, n) => power + sizeOf(spectra[n], bin), Number.MIN_VALUE)), 0);
  let best = { bin: near, level: level(near) };
  for (let bin = Math.max(1, near - reach); bin <= near + reach; bin++) {
    const here = level(bin);
    if (here > best.level) best = { bin, level: here };
  }
  return best.bin;
}

const sizeOf = (spectrum: readonly number[] | undefined, bin: number): number => (spectrum === undefined ? 0 : spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);

/** @param peak power that the partial reaches in the strike */
function heardFrames({ frames, centres, controls, spectra, powers, beside }: View, i: number, frequency: number, peak: number, strikes: number): TurnedFrame[] {
  return spectra.map((spectrum, n) => {
    const time = frames.time(n);
    // Strings come in while the first frames last.
    const risen = 1 - Math.exp(-controls.attackRate * time);
    return {
      weight: frames.weight(powers[i]![n]! / peak) / strikes,
      window: frames,
      time,
      level: 10 * Math.log10(powers[i]![n]! + FLOOR * peak),
      beside: beside[i]![n]! + FLOOR * peak,
      prompt: controls.promptAmplitude[i]! * risen,
      aftersound: controls.aftersoundAmplitude[i]! * risen,
      promptRate: controls.promptRate[i]!,
      aftersoundRate: controls.aftersoundRate[i]!,
      phasor: frames.phasor(spectrum, centres[i]!, n, frequency),
    };
  });
}

/** The phase, in `PHASE_STEPS`, with which modes start whose sum has `phase` in the mean of a window. */
function startPhase(phase: number, network: HeardFrame, change: ModeChange, offset: number, side: number, window: Float64Array, rate: number): number {
  const sum = { re: 0, im: 0 };
  window.forEach((weight, n) => {
    const { re, im } = modesAt(network, change, side, n / rate);
    const turn = (2 * Math.PI * offset * n) / rate;
    sum.re += weight * (re * Math.cos(turn) - im * Math.sin(turn));
    sum.im += weight * (re * Math.sin(turn) + im * Math.cos(turn));
  });
  const turns = phase / PHASE_STEPS + (angleOf(modesAt(network, change, side, 0)) - angleOf(sum)) / (2 * Math.PI);
  return Math.round((turns - Math.floor(turns)) * PHASE_STEPS) % PHASE_STEPS;
}

const angleOf = ({ re, im }: Phasor): number => Math.atan2(im, re);

function stepsOf(change: ModeChange, offset: number, side: number): number[] {
  const lead = (side * change.lead) / (2 * Math.PI);
  const values: Record<ModeNumber, number> = { ...change, offset, beat: side * change.beat, lead: lead - Math.round(lead) };
  return MODE_NUMBERS.map((name) => Math.max(-MOST_MODE_STEPS, Math.min(MOST_MODE_STEPS, Math.round(values[name] / MODE_STEPS[name]))) + 0);
}
