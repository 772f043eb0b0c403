/** What the audio thread loads: makes the processor known under its name. */
import { PianoProcessor } from './processor.ts';
import { PROCESSOR_NAME } from './protocol.ts';

registerProcessor(PROCESSOR_NAME, PianoProcessor);
