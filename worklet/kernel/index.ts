/**
 * The part of the engine that runs as WebAssembly: plain functions over one memory
 * that the host lays out. Nothing here allocates, and no function keeps state of its own.
 *
 * AssemblyScript; addresses are bytes, "vector" means four float32 lanes.
 */
export { dense } from './dense';
export { bendModes, cullModes, prepareModes, ringModes, setLeap } from './strings';
export { mixVoice, rise } from './envelope';
export { addKnock } from './knock';
export { addNoisePower, noise, noiseGains } from './noise';
export { answer, driveWith, driveWithout, gather, place, slowDown, turnTick } from './resonance';
export { waveNet } from './wavenet';
export { generate } from './generate';
export { staticEnd } from './simd';
