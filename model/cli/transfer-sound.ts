/** Plays what was heard in a sound on another piano: as long as the sound, and phrase by phrase as loud. */
import { LoudnessMeter } from '../audio/loudness.ts';
import type { Sound } from '../audio/sound.ts';
import type { Performance } from '../performance.ts';
import { PhraseGain, phraseGains } from '../transfer/phrase-gain.ts';
import { OutputStage } from '../../worklet/engine/output-stage.ts';
import { Performer } from '../../worklet/engine/performer.ts';
import type { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import { stereoBlock } from './wav-file.ts';

/** Rates at which the engine plays, and the one for recordings at others. */
const LOWEST_RATE = 22050;
const HIGHEST_RATE = 96000;
const USUAL_RATE = 48000;
/** Share of the time that the first playing takes. */
const METERED = 0.5;

export interface TransferRequest {
  readonly sound: Sound;
  /** What was heard in it. */
  readonly performance: Performance;
  /** The other piano; asked for twice. */
  readonly piano: (sampleRate: number) => StagedEngine;
  readonly signal: AbortSignal;
  /** Called with the share that is done, 0..1. */
  readonly onProgress?: (done: number) => void;
}

export interface TransferredSound {
  /** Hz; the sound's own where the engine plays at it. */
  readonly rate: number;
  readonly channels: 1 | 2;
  readonly frames: number;
  /** The channels of the next block; the same arrays each time. To be called until there are `frames` of them. */
  nextBlock(): readonly Float32Array[];
}

/**
 * Listens to the sound and to the other piano, so that the second playing follows the sound's loudness.
 *
 * @throws InputError where the sound cannot be read, the signal's reason where it aborts
 */
export async function transferSound({ sound, performance, piano, signal, onProgress }: TransferRequest): Promise<TransferredSound> {
  const { sampleRate } = sound;
  const rate = sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE ? sampleRate : USUAL_RATE;
  const frames = Math.round((sound.frames * rate) / sampleRate);
  const [left, right] = stereoBlock(rate);

  const original = new LoudnessMeter(sampleRate, sound.channels);
  for await (const { channels } of sound.blocks()) {
    signal.throwIfAborted();
    original.add(channels);
  }
  // The engine plays the same each time: first for its loudness, then for the listener.
  const rehearsing = piano(rate);
  const rehearsal = new Performer(rehearsing, performance, rate, frames);
  const meter = new LoudnessMeter(rate, rehearsing.channels);
  while (!rehearsal.finished) {
    signal.throwIfAborted();
    meter.add(rehearsal.render(left, right).slice(0, rehearsing.channels));
    onProgress?.(METERED * (rehearsal.played / frames));
    // Lets an interruption through.
    await new Promise(setImmediate);
  }
  const gain = new PhraseGain(phraseGains(original.powers, meter.powers), rate);
  const limiter = new OutputStage(rate);
  const engine = piano(rate);
  const { channels } = engine;
  const performer = new Performer(engine, performance, rate, frames);
  const nextBlock = (): readonly Float32Array[] => {
    const [l, r] = performer.render(left, right);
    gain.apply([l, r]);
    limiter.process(l, r);
    onProgress?.(METERED + (1 - METERED) * (performer.played / frames));
    return [l, r].slice(0, channels);
  };
  return { rate, channels, frames, nextBlock };
}
