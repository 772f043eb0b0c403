/**
 * Runs in the page before all else: no sound before the first touch, as
 * browsers have it. What a test driver does counts as a touch to the browser
 * itself, so the rule has to be kept here.
 */
let touched = false;
for (const type of ['pointerdown', 'keydown']) addEventListener(type, ({ isTrusted }) => (touched ||= isTrusted), { capture: true });

const resume = AudioContext.prototype.resume;
AudioContext.prototype.resume = function (this: AudioContext): Promise<void> {
  return touched ? resume.call(this) : new Promise(() => undefined);
};

globalThis.AudioContext = class extends AudioContext {
  constructor(options?: AudioContextOptions) {
    super(options);
    if (!touched) void this.suspend();
  }
};
