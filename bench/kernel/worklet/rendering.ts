/** The benchmark's WaveNet in an audio worklet, rendered off line in turns; on the page. */
import { BLOCK_ROWS, SIGNAL_BLOCKS } from '../workload.ts';
import { PROCESSOR_NAME, type ProcessorOptions } from './protocol.ts';

const RATE = 48000;
/** Render quanta between two halts: enough that starting and halting the context weighs little. */
const STRETCH_QUANTA = 64;
/** Stretches before the first turn, while an optimising compiler works beside them. */
const WARM_UP_STRETCHES = 4;

const PROCESSOR_FILE = '/worklet.js';

/** One off-line rendering that halts after each stretch. */
export class WorkletRendering {
  readonly #context: OfflineAudioContext;
  readonly #halts: readonly Promise<void>[];
  readonly #failure: Promise<never>;
  readonly #sound: Promise<AudioBuffer>;
  #stretch = 0;

  private constructor(context: OfflineAudioContext, node: AudioWorkletNode, stretches: number) {
    this.#context = context;
    // A worklet that failed renders silence, which looks like a fast result.
    this.#failure = new Promise((_, reject) => node.addEventListener('processorerror', () => reject(new Error('the worklet failed'))));
    this.#failure.catch(() => undefined);
    this.#halts = Array.from({ length: stretches }, (_, i) => context.suspend(((i + 1) * STRETCH_QUANTA * BLOCK_ROWS) / RATE));
    this.#sound = context.startRendering();
  }

  /** Starts a rendering of `turns` turns. */
  static async start(options: ProcessorOptions, turns: number): Promise<WorkletRendering> {
    const stretches = WARM_UP_STRETCHES + 2 * turns;
    const context = new OfflineAudioContext(1, (stretches + 1) * STRETCH_QUANTA * BLOCK_ROWS, RATE);
    const rendering = new WorkletRendering(context, await createNode(context, options), stretches);
    await rendering.#halt();
    while (rendering.#stretch < WARM_UP_STRETCHES) await rendering.#render();
    return rendering;
  }

  /** Renders one turn, and a stretch before it that wakes the audio thread up. @returns seconds a block of `BLOCK_ROWS` rows */
  async turn(): Promise<number> {
    await this.#render();
    const start = performance.now();
    await this.#render();
    return (performance.now() - start) / 1000 / STRETCH_QUANTA;
  }

  /** Renders what is left. @throws Error where the last stretch is silent */
  async finish(): Promise<void> {
    await this.#context.resume();
    const sound = await Promise.race([this.#sound, this.#failure]);
    const last = sound.getChannelData(0).subarray(-STRETCH_QUANTA * BLOCK_ROWS);
    if (!last.some((y) => y !== 0)) throw new Error('the worklet renders silence');
  }

  async #render(): Promise<void> {
    await this.#context.resume();
    await this.#halt();
  }

  async #halt(): Promise<void> {
    await Promise.race([this.#halts[this.#stretch++], this.#failure]);
  }
}

async function createNode(context: OfflineAudioContext, processorOptions: ProcessorOptions): Promise<AudioWorkletNode> {
  await context.audioWorklet.addModule(PROCESSOR_FILE);
  const node = new AudioWorkletNode(context, PROCESSOR_NAME, { numberOfInputs: 0, outputChannelCount: [1], processorOptions });
  node.connect(context.destination);
  await new Promise((ready, reject) => {
    node.port.onmessage = ready;
    node.addEventListener('processorerror', () => reject(new Error('the worklet does not start')));
  });
  return node;
}

/** What the worklet makes of the whole signal, from its first block on. */
export async function workletOutput(options: ProcessorOptions): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, SIGNAL_BLOCKS * BLOCK_ROWS, RATE);
  await createNode(context, options);
  return (await context.startRendering()).getChannelData(0);
}
