// @ts-check
/**
 * The smallest decoder that plays: every key is one sine wave, tuned as the piano that is chosen.
 *
 * @typedef {import('anypiano/node').PianoProcessorOptions} Options
 * @typedef {import('anypiano/node').PianoMessage} Message
 * @typedef {import('anypiano/node').ProcessorMessage} Answer
 */
const FIRST_NOTE = 21;
const KEYS = 88;
/** Seconds in which a key that is down, and one that came up, falls by 60 dB. */
const RING = 6;
const DAMPED = 0.2;
const SUSTAIN = 64;

class Sines extends AudioWorkletProcessor {
  static get parameterDescriptors() {
    return [{ name: 'volume', defaultValue: 1, minValue: 0, maxValue: 4, automationRate: /** @type {const} */ ('k-rate') }];
  }

  hertz = new Float64Array(KEYS);
  phase = new Float64Array(KEYS);
  level = new Float64Array(KEYS);
  down = new Uint8Array(KEYS);
  pedal = false;
  playing = true;
  /** Messages whose time has not come. @type {Message[]} */
  coming = [];

  /** @param {{ processorOptions: Options }} options */
  constructor({ processorOptions: { style } }) {
    super();
    this.tune(style);
    this.port.onmessage = ({ data }) => this.coming.push(data);
    this.say({ type: 'ready', latencySeconds: 0 });
  }

  /** @param {Answer} answer */
  say(answer) {
    this.port.postMessage(answer);
  }

  /** @param {Options['style']} style */
  tune({ tuning }) {
    for (let key = 0; key < KEYS; key++) this.hertz[key] = 440 * 2 ** ((key + FIRST_NOTE - 69) / 12 + (tuning.cents[key] ?? 0) / 1200);
  }

  /** @param {Message} message */
  obey(message) {
    if (message.type === 'noteOn') this.level[message.note - FIRST_NOTE] = message.velocity / 10;
    if (message.type === 'noteOn' || message.type === 'noteOff') this.down[message.note - FIRST_NOTE] = message.type === 'noteOn' ? 1 : 0;
    if (message.type === 'control' && message.controller === SUSTAIN) this.pedal = message.value >= 64;
    if (message.type === 'style') this.tune(message.style);
    if (message.type === 'panic' || message.type === 'close') this.level.fill(0);
    if (message.type === 'close') this.playing = false;
    // Every request wants an answer.
    if ('id' in message) this.say({ type: 'answer', id: message.id, problem: undefined });
  }

  /** @param {Float32Array[][]} inputs @param {Float32Array[][]} outputs @param {Record<string, Float32Array>} parameters */
  process(inputs, [output = []], { volume }) {
    const later = [];
    for (const message of this.coming) {
      if ('time' in message && message.time !== undefined && message.time > currentTime) later.push(message);
      else this.obey(message);
    }
    this.coming = later;
    const [left, ...others] = output;
    if (left === undefined) return this.playing;
    for (let key = 0; key < KEYS; key++) {
      if (this.level[key] < 1e-6) continue;
      const step = (2 * Math.PI * this.hertz[key]) / sampleRate;
      const decay = 1e-3 ** (1 / sampleRate / (this.down[key] || this.pedal ? RING : DAMPED));
      for (let n = 0; n < left.length; n++) {
        left[n] += this.level[key] * volume[0] * Math.sin(this.phase[key]);
        this.level[key] *= decay;
        this.phase[key] = (this.phase[key] + step) % (2 * Math.PI);
      }
    }
    for (const channel of others) channel.set(left);
    return this.playing;
  }
}

registerProcessor('anypiano-example-sines', Sines);
