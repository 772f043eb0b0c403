/** Basic Pitch hears the notes, and the rise of their partials says how hard they were struck. */
import { BasicPitch, RATE, type BasicPitchFiles } from './basic-pitch.ts';
import { hearNotes } from './notes.ts';
import type { Transcriber } from './transcriber.ts';
import { strikeVelocities } from './velocity.ts';

/** A TensorFlow.js backend has to be ready. */
export async function createBasicPitchTranscriber(files: BasicPitchFiles): Promise<Transcriber> {
  const network = await BasicPitch.create(files);
  return {
    rate: RATE,
    async hear(sound, options) {
      const notes = await hearNotes(network, sound, options);
      const velocities = strikeVelocities(sound, notes);
      return notes.map((note, i) => ({ ...note, velocity: velocities[i]! }));
    },
    dispose: () => network.dispose(),
  };
}
