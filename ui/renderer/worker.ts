/** Plays a performance on the engine as fast as it can, in a worker, and encodes it as a 24-bit WAV file. */
import { WavWriter } from '../../model/audio/wav-writer.ts';
import { Performer } from '../../worklet/engine/performer.ts';
import { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import type { RenderAnswer, RenderRequest } from './protocol.ts';

/** How long the last notes ring on. */
const TAIL_SECONDS = 5;
const BLOCK_SECONDS = 0.5;
const BITS = 24;

const answer = (message: RenderAnswer): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<RenderRequest>) => {
  try {
    answer({ type: 'file', parts: render(data) });
  } catch (error) {
    answer({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  }
});

function render({ kernel, performance, ...piano }: RenderRequest): Uint8Array<ArrayBuffer>[] {
  const { sampleRate } = piano;
  const engine = new StagedEngine({ ...piano, module: new WebAssembly.Module(kernel) });
  const performer = new Performer(engine, performance, sampleRate, Performer.frames(performance, sampleRate, TAIL_SECONDS));
  const wav = new WavWriter(engine.channels, BITS);
  if (performer.frames > wav.mostFrames) throw new RangeError('is too long for a WAV file');
  const parts = [wav.header(sampleRate, performer.frames)];
  const [left, right] = [0, 1].map(() => new Float32Array(Math.round(BLOCK_SECONDS * sampleRate))) as [Float32Array, Float32Array];
  while (!performer.finished) {
    parts.push(wav.encode(performer.render(left, right).slice(0, engine.channels)));
    answer({ type: 'progress', done: performer.played / performer.frames });
  }
  parts.push(wav.padding(performer.frames));
  return parts as Uint8Array<ArrayBuffer>[];
}
