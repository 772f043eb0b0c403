/** Looks into the audio thread of a page through Chromium's inspector: its heap, and what it allocates. */
import type { CDPSession, Page } from 'playwright-core';

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface ProfileNode {
  readonly selfSize: number;
  readonly callFrame: { readonly functionName: string };
  readonly children: readonly ProfileNode[];
}

/** Bytes that the audio thread allocated, in all and by function. */
export interface Allocations {
  readonly bytes: number;
  readonly byFunction: ReadonlyMap<string, number>;
}

/** Average bytes between two sampled allocations. */
const SAMPLING_INTERVAL = 64;
const RUNS = 3;

export class WorkletInspector {
  readonly #page: CDPSession;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #worklet: string | undefined;
  #lastId = 0;

  private constructor(page: CDPSession) {
    this.#page = page;
    page.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worklet') this.#worklet = sessionId;
    });
    page.on('Target.receivedMessageFromTarget', ({ message }) => {
      const reply = JSON.parse(message) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  /** Waits for worklets of a page; call it before the page makes one. */
  static async attach(page: Page): Promise<WorkletInspector> {
    const session = await page.context().newCDPSession(page);
    const inspector = new WorkletInspector(session);
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return inspector;
  }

  /** Bytes in use on the audio thread's heap, after a collection. */
  async usedBytes(): Promise<number> {
    await this.#send('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#send('Runtime.getHeapUsage')) as { usedSize: number };
    return usedSize;
  }

  /**
   * Records what the audio thread allocates while `during` runs: the fewest of several runs, as what V8 leaves while it
   * compiles comes and goes, and what the thread's own code allocates is there in every one.
   *
   * @param before comes before each run, and is not counted
   */
  async leastAllocations(during: () => Promise<void>, before: () => Promise<void> = () => Promise.resolve()): Promise<Allocations> {
    let least: Allocations = { bytes: Infinity, byFunction: new Map() };
    for (let run = 0; run < RUNS; run++) {
      await before();
      const next = await this.#allocations(during);
      if (next.bytes < least.bytes) least = next;
    }
    return least;
  }

  async #allocations(during: () => Promise<void>): Promise<Allocations> {
    await this.#send('HeapProfiler.startSampling', {
      samplingInterval: SAMPLING_INTERVAL,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    await during();
    const { profile } = (await this.#send('HeapProfiler.stopSampling')) as { profile: { head: ProfileNode } };
    const byFunction = new Map<string, number>();
    const add = ({ selfSize, callFrame: { functionName }, children }: ProfileNode): number => {
      if (selfSize > 0) byFunction.set(functionName, (byFunction.get(functionName) ?? 0) + selfSize);
      return selfSize + children.reduce((sum, child) => sum + add(child), 0);
    };
    return { bytes: add(profile.head), byFunction };
  }

  async #send(method: string, params: object = {}): Promise<unknown> {
    if (this.#worklet === undefined) throw new Error('the page has no audio worklet');
    const id = ++this.#lastId;
    const reply = new Promise<Reply>((received) => this.#waiting.set(id, received));
    await this.#page.send('Target.sendMessageToTarget', { sessionId: this.#worklet, message: JSON.stringify({ id, method, params }) });
    const { result, error } = await reply;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}
