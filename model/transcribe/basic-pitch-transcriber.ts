/** Basic Pitch hears the notes, and the rise of their partials says how hard they were struck. */
import { BasicPitch, RATE, type BasicPitchFiles } from './basic-pitch.ts';
import { hearStretches } from './notes.ts';
import type { HeardNote, Transcriber } from './transcriber.ts';
import { lookAtStrikes, strikeVelocities, type Look } from './velocity.ts';

/** A TensorFlow.js backend has to be ready. */
export async function createBasicPitchTranscriber(files: BasicPitchFiles): Promise<Transcriber> {
  const network = await BasicPitch.create(files);
  return {
    rate: RATE,
    async hear(sound, options) {
      const notes: HeardNote[] = [];
      const looks: Look[] = [];
      for await (const stretch of hearStretches(network, sound, options)) {
        notes.push(...stretch.notes);
        looks.push(...lookAtStrikes(stretch.sound, stretch.origin, stretch.notes));
      }
      const velocities = strikeVelocities(notes, looks);
      return notes.map((note, i) => ({ ...note, velocity: velocities[i]! }));
    },
    dispose: () => network.dispose(),
  };
}
