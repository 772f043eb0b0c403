/** What the audio thread loads: makes the processor known under its name. */
import { PianoProcessor } from './processor.ts';
import { PROCESSOR_NAME } from './protocol.ts';

try {
  registerProcessor(PROCESSOR_NAME, PianoProcessor);
} catch {
  // Another copy of this version was first, and serves as well.
}
