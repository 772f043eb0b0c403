/** Runs in the page before all else: MIDI keyboards that can be plugged in, played and unplugged. */

class FakeInput extends EventTarget {
  readonly id: string;
  readonly name: string;
  readonly manufacturer = 'test';
  readonly version = '1';
  readonly type = 'input';
  state = 'connected';
  connection = 'closed';
  onmidimessage: ((event: MIDIMessageEvent) => void) | null = null;
  onstatechange: (() => void) | null = null;

  constructor(name: string) {
    super();
    this.id = `id of ${name}`;
    this.name = name;
  }

  async open(): Promise<this> {
    this.connection = 'open';
    await Promise.resolve();
    announce(this);
    return this;
  }

  close(): Promise<this> {
    this.connection = 'closed';
    return Promise.resolve(this);
  }
}

const inputs = new Map<string, FakeInput>();
const access = { inputs, outputs: new Map(), sysexEnabled: false, onstatechange: null as ((event: unknown) => void) | null };

const announce = (port: FakeInput): void => access.onstatechange?.({ port, timeStamp: performance.now() });

const fakeMidi = {
  /** Whether the player allows MIDI. */
  allowed: true,

  plug(name: string): void {
    const input = new FakeInput(name);
    inputs.set(input.id, input);
    announce(input);
  },

  unplug(name: string): void {
    const input = inputs.get(`id of ${name}`)!;
    inputs.delete(input.id);
    input.state = 'disconnected';
    // A port that was open stays so in wait for its device.
    input.connection = 'pending';
    announce(input);
  },

  send(name: string, ...bytes: number[]): void {
    inputs.get(`id of ${name}`)!.onmidimessage?.(new MIDIMessageEvent('midimessage', { data: Uint8Array.from(bytes) }));
  },
};
export type FakeMidi = typeof fakeMidi;

Object.assign(globalThis, { fakeMidi });
Object.defineProperty(navigator, 'requestMIDIAccess', {
  configurable: true,
  value: () => (fakeMidi.allowed ? Promise.resolve(access) : Promise.reject(new DOMException('no', 'NotAllowedError'))),
});
