/** Float64 reference of one voice's knock. */
import { knockSound, mixKnock } from '../knock.ts';
import type { Spec } from '../spec.ts';
import { KNOCK_WAVES } from '../tensors.ts';
import type { TensorLookup } from './note-network.ts';
import { damperAt, type ReferenceVoice } from './voice.ts';

/** Adds the voice's knock, which is damped as its strings are, to `out`, sample 0 of which is the engine's first. */
export function addKnock(spec: Spec, tensors: TensorLookup, voice: ReferenceVoice, out: Float64Array): void {
  const { knockAmplitude, knockShape } = voice.controls;
  if (knockAmplitude === 0) return;
  const sound = knockSound(spec, mixKnock(spec, tensors.get(KNOCK_WAVES)!, knockShape));
  const end = Math.min(out.length, voice.start + sound.length);
  for (let n = voice.start; n < end; n++) {
    out[n]! += damperAt(voice, n) * knockAmplitude * sound[n - voice.start]!;
  }
}
