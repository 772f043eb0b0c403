import { beforeAll, describe, expect, it } from 'vitest';
import { MODE_NUMBERS, applyModes } from '../../model/key-modes.ts';
import { ControlMap, createControls, type Controls } from '../../model/controls.ts';
import { noteNetwork } from '../../model/reference/note-network.ts';
import { renderReference } from '../../model/reference/render.ts';
import { addStrings } from '../../model/reference/voice.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import { startBackend } from '../../model/train/backend.ts';
import { measuredStrike } from '../../model/train/outline/measured-modes.ts';
import { Outline } from '../../model/train/outline/outline.ts';
import { targetView, type TargetView } from '../../model/train/outline/target.ts';
import { CONTROLS, type StrikeControls } from '../../model/train/outline/view-loss.ts';
import { fundamental } from '../../model/tuning.ts';
import { WITHOUT_KNOCKS as spec, randomFlat, randomStyle, referenceModel } from './small-model.ts';

const LENGTH = 0.25 * spec.sampleRate;
const STRIKE = 192;
const RENDERINGS = 12;

const flat = randomFlat(spec, 3);
const model = referenceModel(spec, flat);
const { embedding, tuning } = randomStyle(spec, 4);
const style = { embedding, tuning };

function controlsOf(note: number, velocity: number): Controls {
  const controls = createControls(spec);
  const raw = noteNetwork(spec, model.tensors, note, velocity, style.embedding);
  const inharmonicity = style.tuning.inharmonicity[note - FIRST_NOTE]!;
  new ControlMap(spec).apply(raw, fundamental(style.tuning, note), inharmonicity, velocity, controls);
  return controls;
}

function strikeOf(controls: Controls): StrikeControls {
  return Object.fromEntries(
    CONTROLS.map((name) => [name, Float32Array.from(name === 'attackRate' ? [controls.attackRate] : controls[name])]),
  ) as unknown as StrikeControls;
}

const zeros = (like: StrikeControls): StrikeControls =>
  Object.fromEntries(CONTROLS.map((name) => [name, new Float32Array(like[name].length)])) as unknown as StrikeControls;

/** Band powers of the float64 reference's strike, averaged over draws of its noise. */
function renderedOutline(note: number, velocity: number): TargetView[] {
  const all = Array.from({ length: RENDERINGS }, (_, seed) => {
    const events = [{ sample: STRIKE, type: 'noteOn', note, velocity } as const];
    const { strings, noise } = renderReference(model, style, events, { length: LENGTH, seed: seed + 1 });
    const sound = Float32Array.from(strings, (v, n) => v + noise[n]!);
    return outline.views.map((view) => targetView(view, sound, STRIKE));
  });
  return all[0]!.map(({ frames, power }, v) => ({
    frames,
    power: power.map((_, i) => all.reduce((sum, views) => sum + views[v]!.power[i]!, 0) / RENDERINGS),
  }));
}

let outline: Outline;
let restless: Outline;

beforeAll(async () => {
  await startBackend('wasm');
  outline = new Outline(spec);
  restless = new Outline(spec, 0.5);
});

describe('the expected outline of a strike', () => {
  const strike = (note: number, controls: StrikeControls, target: readonly TargetView[], gradient = zeros(controls)) => ({
    f0: fundamental(style.tuning, note),
    inharmonicity: style.tuning.inharmonicity[note - FIRST_NOTE]!,
    target,
    controls,
    gradient,
  });

  it('is that of what the float64 reference plays', async () => {
    for (const note of [45, 76]) {
      const target = renderedOutline(note, 0.7);
      const controls = strikeOf(controlsOf(note, 0.7));
      const louder = { ...controls, promptAmplitude: controls.promptAmplitude.map((a) => 1.4 * a), bodyAmplitude: controls.bodyAmplitude.map((a) => 1.4 * a) };
      const [same, other] = await outline.losses([strike(note, controls, target), strike(note, louder, target)], 1);
      // Under half a decibel apart where 3 dB would be several times as much.
      expect(same).toBeLessThan(0.2);
      expect(other).toBeGreaterThan(3 * same!);
    }
  });

  const alone = (target: TargetView[]): TargetView[] => target;
  /** Its damper falls, something else sounds, and the recording holds no treble. */
  const inCompany = (target: TargetView[]): TargetView[] =>
    target.map(({ frames, power }, v) => {
      const bands = outline.views[v]!.edges.length - 1;
      return {
        frames,
        power,
        gain: Float32Array.from({ length: frames }, (_, f) => Math.exp(-f / 10)),
        background: power.map((value, i) => 0.3 * value * (1 + Math.sin(i))),
        heard: Math.floor(0.8 * bands),
      };
    });

  it('leaves out bands that a recording does not hold, and knows what else sounds', async () => {
    const note = 60;
    const target = renderedOutline(note, 0.7);
    const controls = strikeOf(controlsOf(note, 0.7));
    const heard = target.map((view, v) => {
      const bands = outline.views[v]!.edges.length - 1;
      const half = Math.floor(bands / 2);
      // Above: nothing was recorded. Below: as much again of something else, from a sound that is damped to a half.
      return {
        frames: view.frames,
        power: view.power.map((value, i) => (i % bands < half ? 0.25 * value + value : 0)),
        gain: new Float32Array(view.frames).fill(0.25),
        background: view.power,
        heard: half,
      };
    });
    const [plain, company] = await outline.losses([strike(note, controls, target), strike(note, controls, heard)], 1);
    expect(company).toBeLessThan(1.2 * plain!);
  });

  it('tells how much tones beat, whenever they do', async () => {
    const note = 64;
    const plain = controlsOf(note, 0.7);
    const beating = (hertz: number, turn: number): Controls => ({
      ...plain,
      aftersoundAmplitude: plain.promptAmplitude.map((a) => 0.8 * a),
      aftersoundRate: plain.promptRate,
      beat: plain.beat.map((_, k) => hertz + turn * (k % 3)),
      strikeAmplitude: plain.strikeAmplitude.map(() => 0),
      bodyAmplitude: plain.bodyAmplitude.map(() => 0),
    });
    const played = new Float64Array(1.4 * spec.sampleRate);
    addStrings(spec, { start: STRIKE, controls: beating(3, 0.7), damper: new Float64Array(played.length).fill(1) }, played);
    const target = outline.views.map((view) => targetView(view, Float32Array.from(played), STRIKE));
    const restlessness = async (controls: Controls): Promise<number> => {
      const strikes = [strike(note, strikeOf(controls), target)];
      return (await restless.losses(strikes, 1))[0]! - (await outline.losses(strikes, 1))[0]!;
    };
    const same = await restlessness(beating(3, 0.7));
    expect(await restlessness(beating(4.4, -0.7))).toBeLessThan(4 * same + 0.02);
    expect(await restlessness(beating(0, 0))).toBeGreaterThan(5 * same);
    expect(await restlessness(beating(0, 0))).toBeGreaterThan(0.1);
  });

  const modes = [1, ...Array.from({ length: 12 * MODE_NUMBERS.length }, (_, i) => Math.round(40 * Math.sin(2 * i)))];

  it('is that of what the float64 reference plays with measured modes', async () => {
    const note = 57;
    const played = controlsOf(note, 0.7);
    const network = strikeOf(played);
    applyModes(played, modes);
    const { controls, lead } = measuredStrike(network, modes);
    for (const name of ['promptAmplitude', 'aftersoundAmplitude', 'promptRate', 'aftersoundRate', 'beat'] as const) {
      controls[name].forEach((value, i) => expect(value).toBeCloseTo(played[name][i]!, 5));
    }
    lead.forEach((value, i) => expect(value).toBeCloseTo(played.lead[i]!, 12));
    const sound = new Float64Array(1.4 * spec.sampleRate);
    played.strikeAmplitude.fill(0);
    played.bodyAmplitude.fill(0);
    addStrings(spec, { start: STRIKE, controls: played, damper: new Float64Array(sound.length).fill(1) }, sound);
    const target = outline.views.map((view) => targetView(view, Float32Array.from(sound), STRIKE));
    const silent = strikeOf(played);
    const own = { ...controls, strikeAmplitude: silent.strikeAmplitude, bodyAmplitude: silent.bodyAmplitude };
    const [same, inPhase] = await outline.losses([{ ...strike(note, own, target), lead }, strike(note, own, target)], 1);
    expect(inPhase).toBeGreaterThan(1.5 * same!);
  });

  it('has the gradient that finite differences say, by what the network says beneath measured modes', async () => {
    const note = 60;
    const target = renderedOutline(note, 0.5);
    const network = strikeOf(controlsOf(note, 0.8));
    const gradient = zeros(network);
    const measured = measuredStrike(network, [0.4, ...modes.slice(1)]);
    await restless.losses([{ ...strike(note, measured.controls, target, gradient), lead: measured.lead }], 1);
    measured.back(gradient);
    for (const name of ['promptAmplitude', 'aftersoundAmplitude', 'promptRate', 'aftersoundRate', 'beat', 'bodyAmplitude'] as const) {
      const largest = gradient[name].reduce((best, g, at, all) => (Math.abs(g) > Math.abs(all[best]!) ? at : best), 0);
      const nudged = async (factor: number): Promise<{ at: number; loss: number }> => {
        const moved = { ...network, [name]: network[name].map((v, i) => (i === largest ? v * factor : v)) };
        const { controls, lead } = measuredStrike(moved, [0.4, ...modes.slice(1)]);
        const [loss] = await restless.losses([{ ...strike(note, controls, target), lead }], 1);
        return { at: moved[name][largest]!, loss: loss! };
      };
      const [up, down] = [await nudged(1.01), await nudged(0.99)];
      expect(gradient[name][largest]! / ((up.loss - down.loss) / (up.at - down.at)), name).toBeCloseTo(1, 1);
    }
  });

  it.each([
    ['alone', alone, () => outline],
    ['in company', inCompany, () => outline],
    ['with its restlessness', alone, () => restless],
    ['with its restlessness in company', inCompany, () => restless],
  ] as const)('has the gradient that finite differences say, %s', async (_, as, which) => {
    const outline = which();
    const note = 60;
    const target = as(renderedOutline(note, 0.5));
    const controls = strikeOf(controlsOf(note, 0.8));
    const gradient = zeros(controls);
    await outline.losses([strike(note, controls, target, gradient)], 1);
    for (const name of CONTROLS) {
      const largest = gradient[name].reduce((best, g, at, all) => (Math.abs(g) > Math.abs(all[best]!) ? at : best), 0);
      const nudged = async (factor: number): Promise<{ at: number; loss: number }> => {
        const moved = { ...controls, [name]: controls[name].map((v, i) => (i === largest ? v * factor : v)) };
        const [loss] = await outline.losses([strike(note, moved, target)], 1);
        return { at: moved[name][largest]!, loss: loss! };
      };
      const [up, down] = [await nudged(1.01), await nudged(0.99)];
      expect(gradient[name][largest]! / ((up.loss - down.loss) / (up.at - down.at)), name).toBeCloseTo(1, 1);
    }
  });
});
