/** Listens to a recording away from the page's own thread: what is played, and on what piano. */
import type { Recording } from '../audio/recording.ts';
import { soundOf } from '../audio/sound.ts';
import { wholeSound } from '../audio/whole-sound.ts';
import { InputError } from '../input-error.ts';
import type { Performance } from '../performance.ts';
import { styleId } from '../style.ts';
import type { BasicPitchFiles } from '../transcribe/basic-pitch.ts';
import { createBasicPitchTranscriber } from '../transcribe/basic-pitch-transcriber.ts';
import { NoNotesError, transcribe } from '../transcribe/transcribe.ts';
import { startGpu, startWasm } from './browser-backend.ts';
import { extractStyle, hearPiano, notAPiano } from './extract.ts';
import { playedIn } from './recognise-etude.ts';
import type { ListenAnswer, ListenRequest } from './worker-protocol.ts';

/** More of a recording tells little more about its piano. */
const STYLE_SECONDS = 90;
/** Share of the time for a style in which its notes are heard. */
const NOTES_SHARE = 0.2;
const STEPS = 200;

const answer = (message: ListenAnswer): void => postMessage(message);
const progress = (done: number): void => answer({ type: 'progress', done });

addEventListener('message', ({ data }: MessageEvent<ListenRequest>) => {
  begin(data).then(answer, (error: unknown) => answer({ type: 'error', message: error instanceof Error ? error.message : String(error) }));
});

/** On the GPU where there is one; where that fails, as drivers do, with WebAssembly from the start. */
async function begin(request: ListenRequest): Promise<ListenAnswer> {
  if (await startGpu()) {
    try {
      return await listen(request);
    } catch (error) {
      if (error instanceof InputError) throw error;
    }
  }
  await startWasm(request.files.backend);
  return listen(request);
}

async function listen({ wanted, recording, name, weights, encoder, files }: ListenRequest): Promise<ListenAnswer> {
  if (wanted === 'notes') return { type: 'notes', performance: await hear(recording, name, files, progress, true) };
  const { sampleRate } = recording;
  const excerpt = { sampleRate, channels: recording.channels.map((channel) => channel.subarray(0, STYLE_SECONDS * sampleRate)) };
  const heard = await hear(excerpt, name, files, (done) => progress(NOTES_SHARE * done)).catch((error: unknown) => {
    if (error instanceof NoNotesError) return undefined;
    throw error;
  });
  const played = heard && playedIn(heard);
  const sound = await wholeSound(soundOf(excerpt), weights.spec.sampleRate);
  const piano = hearPiano(sound, played?.performance);
  const problem = notAPiano(piano, played?.performance);
  if (problem !== undefined) throw new InputError(name, problem);
  const { style } = await extractStyle(sound, {
    weights,
    encoder: { bytes: new Uint8Array(await load(encoder)), source: 'encoder.safetensors' },
    describe: { id: `own-${styleId(name)}`, name, kind: 'piano', source: name, licence: 'licence not stated', credit: 'Recorded by you' },
    piano,
    ...(played && { performance: played.performance, refine: { steps: STEPS, heard: played.heard, signal: new AbortController().signal } }),
    onProgress: (done) => progress(NOTES_SHARE + (1 - NOTES_SHARE) * done),
  });
  if (!style.embedding.every(Number.isFinite)) throw new Error('The style is not finite.');
  return { type: 'style', style };
}

async function hear(recording: Recording, name: string, files: ListenRequest['files'], onProgress: (done: number) => void, pedal = false): Promise<Performance> {
  const [model, weights] = await Promise.all([load(files.transcriber), load(files.transcriberWeights)]);
  const transcriber = await createBasicPitchTranscriber({ model: JSON.parse(new TextDecoder().decode(model)) as BasicPitchFiles['model'], weights });
  return transcribe(transcriber, soundOf(recording), name, { onProgress, pedal }).finally(() => transcriber.dispose());
}

async function load(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.split('/').at(-1)} could not be loaded (${response.status})`);
  return response.arrayBuffer();
}
