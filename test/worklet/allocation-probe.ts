/** Plays for a while in a process of its own, compiled as for a release, and prints what it left on the heap. */
import { readFileSync } from 'node:fs';
import { Random } from '../../model/random.ts';
import { DEFAULT_SPEC, GENERATOR_SPECS, type Generated } from '../../model/spec.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { generatorWeights, randomTimbre, randomWeights } from './fixtures.ts';

const BLOCK = 128;
const WARM_UP_BLOCKS = 4000;
/** The compiler works beside all this and leaves things of its own on the heap: what the engine allocates is there in every run, so one without it is enough. */
const MOST_RUNS = 4;
const BLOCKS = 1000;

const [kernel, sampleRate, enough, makes] = process.argv.slice(2);
const engine = new Engine({
  module: new WebAssembly.Module(readFileSync(kernel!)),
  weights: makes === undefined ? randomWeights(DEFAULT_SPEC, 1) : generatorWeights(GENERATOR_SPECS[makes as Generated], 1),
  style: randomTimbre(DEFAULT_SPEC, 2),
  sampleRate: Number(sampleRate),
});
const memoryBefore = engine.memoryBytes;
const random = new Random(14);
const notes = Uint8Array.from({ length: 4096 }, () => 21 + random.below(88));
const block = new Float32Array(BLOCK);
let turn = 0;

function play(blocks: number): void {
  for (let i = 0; i < blocks; i++) {
    const note = notes[turn++ & 4095]!;
    if (turn % 8 === 0) engine.noteOn(note, 0.6);
    if (turn % 8 === 4) engine.noteOff(note);
    if (turn % 64 === 0) engine.control(64, turn & 127);
    if (turn % 16 === 0) engine.bend(turn & 127, turn % 32 === 0 ? note : undefined);
    if (turn % 256 === 0) engine.setTone(((turn >> 8) & 3) - 1.5, 0.5);
    engine.render(block);
  }
}

// Until the optimising compiler has seen it all, every number has a box on the heap.
play(WARM_UP_BLOCKS);
let heapBytesPerBlock = Infinity;
for (let run = 0; run < MOST_RUNS && !(heapBytesPerBlock < Number(enough)); run++) {
  globalThis.gc!();
  const heapBefore = process.memoryUsage().heapUsed;
  play(BLOCKS);
  heapBytesPerBlock = Math.min(heapBytesPerBlock, (process.memoryUsage().heapUsed - heapBefore) / BLOCKS);
}
process.stdout.write(JSON.stringify({ heapBytesPerBlock, memoryGrowthBytes: engine.memoryBytes - memoryBefore, voices: engine.voices }));
