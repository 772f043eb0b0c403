/** The whole package in one script: worklet, WebAssembly, weights and pianos are inside. */
import { inlined } from '../worklet/inlined.ts';
import { useFiles } from '../worklet/package-files.ts';

export * from './anypiano.ts';

// Pianos that are on the page already load after this.
useFiles(inlined);
