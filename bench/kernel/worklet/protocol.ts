/** What the page gives to the benchmark's processor. */
export const PROCESSOR_NAME = 'kernel-benchmark';

export interface ProcessorOptions {
  /** Bytes of the kernel's build that this browser can run. */
  readonly kernel: ArrayBuffer;
  readonly channels: number;
}
