/** The kernel's WebAssembly module, its memory and its functions. */
import { LAYOUT_START, type Layout } from './layout.ts';

/** What `worklet/kernel/index.ts` exports; addresses in bytes, see there for the contracts. */
export interface KernelFunctions {
  dense(x: number, inputs: number, weights: number, bias: number, y: number, outputs: number, activate: boolean): void;
  prepareModes(bank: number, count: number): void;
  setLeap(bank: number, count: number, samples: number): void;
  bendModes(bank: number, count: number, ratio: number, change: number, limit: number, samples: number): void;
  ringModes(bank: number, count: number, out: number): number;
  cullModes(bank: number, count: number, floor: number): number;
  rise(at: number, samples: number, quiet: number, quietStep: number): void;
  mixVoice(
    from: number,
    to: number,
    side: number,
    own: number,
    samples: number,
    pan: number,
    damper: number,
    damperStep: number,
    fade: number,
    fadeStep: number,
  ): void;
  addNoisePower(voice: number, groups: number, weight: number, power: number): number;
  addKnock(samples: number, age: number, divisor: number, filter: number, out: number, count: number): number;
  noiseGains(power: number, scale: number, gains: number, groups: number): number;
  noise(bank: number, groups: number, gains: number, nextGains: number, lanes: number, out: number): void;
  slowDown(signal: number, filter: number, out: number): void;
  driveWithout(all: number, own: number, share: number, filter: number, out: number): void;
  driveWith(all: number, share: number, out: number): void;
  turnTick(signal: number): void;
  answer(bank: number, groups: number, x: number, keep: number, lanes: number): number;
  place(lanes: number, pan: number, middle: number, side: number): void;
  gather(lanes: number, gain: number, step: number, slow: number, filter: number, out: number): void;
  generate(generator: number, beside: number, samples: number, rows: number): number;
  waveNet(net: number, input: number, output: number, rows: number): void;
}

/** An instance with its memory, which never grows: views into it stay valid. */
export class Kernel {
  readonly memory: WebAssembly.Memory;
  readonly call: KernelFunctions;
  readonly #f32: Float32Array;

  /** Allocates the planned memory, all zero. @throws WebAssembly.LinkError, RangeError if there is no memory left */
  constructor(module: WebAssembly.Module, layout: Layout) {
    this.memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.call = instance.exports as unknown as KernelFunctions;
    const { value: end } = instance.exports['staticEnd'] as WebAssembly.Global<'i32'>;
    if (end > LAYOUT_START) throw new RangeError(`the kernel's constants end at ${end}, after the layout's start`);
    this.#f32 = new Float32Array(this.memory.buffer);
  }

  floats(address: number, count: number): Float32Array {
    return this.#f32.subarray(address / 4, address / 4 + count);
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count);
  }

  integers(address: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, count);
  }
}

/** Bytes of both builds of the kernel. */
export interface KernelBuilds {
  readonly relaxed: BufferSource;
  readonly plain: BufferSource;
}

/** Which build this JavaScript engine can run: the one with fused multiply-add if possible. */
export function supportedBuild(builds: KernelBuilds): keyof KernelBuilds {
  return WebAssembly.validate(builds.relaxed) ? 'relaxed' : 'plain';
}

/** Compiles the build that this JavaScript engine can run. @throws WebAssembly.CompileError without SIMD */
export function loadKernel(builds: KernelBuilds): Promise<WebAssembly.Module> {
  return WebAssembly.compile(builds[supportedBuild(builds)]);
}
