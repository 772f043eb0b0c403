/**
 * Pitch in MIDI: the bend wheel and its range (RPN 0), master tuning (RPN 1 and 2, and the universal system
 * exclusive messages), and a bend for each note (MIDI Polyphonic Expression 1.1, RPN 6).
 */

/** What can be bent, in cents. `time` is whatever the messages came with. */
export interface PitchTarget {
  /** All keys, or one more than all. */
  bend(cents: number, note?: number, time?: number): void;
  tune(cents: number, time?: number): void;
}

const CHANNELS = 16;
const KEYS = 128;
const NOBODY = -1;
/** Channels that manage the lower and the upper zone of MPE. */
const LOWER = 0;
const UPPER = 15;
const MOST_MEMBERS = 15;
/** Semitones to which the wheel reaches, until the keyboard says otherwise. */
const PLAIN_RANGE = 2;
const MEMBER_RANGE = 48;

const DATA_HIGH = 6;
const DATA_LOW = 38;
const NRPN_LOW = 98;
const NRPN_HIGH = 99;
const RPN_LOW = 100;
const RPN_HIGH = 101;
const RESET_CONTROLLERS = 121;

const NO_PARAMETER = 0x3fff;
const BEND_RANGE = 0;
const FINE_TUNING = 1;
const COARSE_TUNING = 2;
const MPE_ZONE = 6;

const CENTRE = 0x2000;

class Channel {
  /** -1..1. */
  wheel = 0;
  /** Semitones and cents. */
  range = PLAIN_RANGE;
  rangeCents = 0;
  parameter = NO_PARAMETER;
  /** First byte of the fine tuning. */
  fineHigh = CENTRE >> 7;

  get cents(): number {
    return this.wheel * (100 * this.range + this.rangeCents);
  }
}

/** Follows the messages of one keyboard, or file; what they mean goes to `target`. */
export class MidiPitch {
  readonly #target: PitchTarget;
  readonly #channels = Array.from({ length: CHANNELS }, () => new Channel());
  /** Member channels of both zones; 0 where there is none. */
  #lower = 0;
  #upper = 0;
  /** Channel that struck each key last, whether it still holds it, and the cents that the key is bent by. */
  readonly #owner = new Int8Array(KEYS).fill(NOBODY);
  readonly #held = new Uint8Array(KEYS);
  readonly #bent = new Float64Array(KEYS);
  #fine = 0;
  #coarse = 0;
  #masterFine = 0;
  #masterCoarse = 0;

  constructor(target: PitchTarget) {
    this.#target = target;
  }

  /** Whether each note has a channel of its own. */
  get expressive(): boolean {
    return this.#lower > 0 || this.#upper > 0;
  }

  /** To be told before the key is struck. @param channel 0..15 */
  noteOn(channel: number, note: number, time?: number): void {
    if (this.#managerOf(channel) !== channel) this.#leave(channel);
    this.#owner[note] = channel;
    this.#held[note] = 1;
    this.#bendKey(note, this.expressive ? this.#keyCents(channel) : 0, time);
  }

  /** @returns whether the key comes up: of an MPE keyboard, one that another channel has struck since stays down with that */
  noteOff(channel: number, note: number): boolean {
    if (this.#owner[note] === channel) this.#held[note] = 0;
    return !this.expressive || this.#held[note] === 0;
  }

  /** @param value 0..16383; 8192 is the wheel at rest */
  bend(channel: number, value: number, time?: number): void {
    this.#channels[channel]!.wheel = (value - CENTRE) / CENTRE;
    this.#apply(channel, time);
  }

  /** @returns whether it was about pitch, and nothing else */
  control(channel: number, controller: number, value: number, time?: number): boolean {
    const from = this.#channels[channel]!;
    switch (controller) {
      case NRPN_LOW:
      case NRPN_HIGH:
        from.parameter = NO_PARAMETER;
        return true;
      case RPN_LOW:
        from.parameter = (from.parameter & 0x3f80) | value;
        return true;
      case RPN_HIGH:
        from.parameter = (from.parameter & 0x7f) | (value << 7);
        return true;
      case DATA_HIGH:
      case DATA_LOW:
        this.#enter(channel, controller === DATA_HIGH, value, time);
        return true;
      case RESET_CONTROLLERS:
        // The piano lets go of all bends with it; ranges, zones and tuning stay (RP-015).
        for (const each of this.#channels) each.wheel = 0;
        from.parameter = NO_PARAMETER;
        this.#bent.fill(0);
        return false;
      default:
        return false;
    }
  }

  /** Master tuning; all else is ignored. @param bytes from F0 to F7 */
  exclusive(bytes: ArrayLike<number>, time?: number): void {
    const [start, kind, , group, what, low = 0, high = 0] = Array.from(bytes);
    if (start !== 0xf0 || kind !== 0x7f || group !== 0x04 || bytes.length < 8) return;
    if (what === 0x03) this.#masterFine = fineCents(high, low);
    else if (what === 0x04) this.#masterCoarse = coarseCents(high);
    else return;
    this.#tune(time);
  }

  /** A value for the parameter that a channel has chosen. */
  #enter(channel: number, isHigh: boolean, value: number, time: number | undefined): void {
    const from = this.#channels[channel]!;
    if (from.parameter === BEND_RANGE) this.#setRange(channel, isHigh, value, time);
    else if (from.parameter === FINE_TUNING) {
      if (isHigh) from.fineHigh = value;
      this.#fine = fineCents(from.fineHigh, isHigh ? 0 : value);
      this.#tune(time);
    } else if (from.parameter === COARSE_TUNING && isHigh) {
      this.#coarse = coarseCents(value);
      this.#tune(time);
    } else if (from.parameter === MPE_ZONE && isHigh) this.#setZone(channel, value, time);
  }

  /** The range of one member is that of all. */
  #setRange(channel: number, isHigh: boolean, value: number, time: number | undefined): void {
    const manager = this.#managerOf(channel);
    this.#channels.forEach((each, i) => {
      const alike = i === channel || (manager !== NOBODY && manager !== channel && i !== manager && this.#managerOf(i) === manager);
      if (!alike) return;
      if (isHigh) each.range = value;
      else each.rangeCents = value;
      if (each.wheel !== 0) this.#apply(i, time);
    });
  }

  /** A zone takes channels from the other one, and begins anew. */
  #setZone(channel: number, members: number, time: number | undefined): void {
    if (members > MOST_MEMBERS || (channel !== LOWER && channel !== UPPER)) return;
    const left = Math.max(0, MOST_MEMBERS - 1 - members);
    if (channel === LOWER) [this.#lower, this.#upper] = [members, Math.min(this.#upper, left)];
    else [this.#lower, this.#upper] = [Math.min(this.#lower, left), members];
    this.#channels.forEach((each, i) => {
      const manager = this.#managerOf(i);
      each.wheel = 0;
      each.rangeCents = 0;
      each.range = manager === NOBODY || manager === i ? PLAIN_RANGE : MEMBER_RANGE;
    });
    this.#owner.fill(NOBODY);
    this.#target.bend(0, undefined, time);
    for (let note = 0; note < KEYS; note++) this.#bendKey(note, 0, time);
  }

  /** The channel that manages a channel's zone, itself perhaps. */
  #managerOf(channel: number): number {
    if (this.#lower > 0 && channel <= this.#lower) return LOWER;
    return this.#upper > 0 && channel >= UPPER - this.#upper ? UPPER : NOBODY;
  }

  #keyCents(channel: number): number {
    const manager = this.#managerOf(channel);
    const cents = this.#channels[channel]!.cents;
    return manager === NOBODY || manager === channel ? cents : cents + this.#channels[manager]!.cents;
  }

  /** Notes of a member channel that only ring on are no longer the channel's when it strikes another. */
  #leave(channel: number): void {
    for (let note = 0; note < KEYS; note++) if (this.#owner[note] === channel && this.#held[note] === 0) this.#owner[note] = NOBODY;
  }

  #apply(channel: number, time: number | undefined): void {
    if (!this.expressive) return this.#target.bend(this.#channels[channel]!.cents, undefined, time);
    for (let note = 0; note < KEYS; note++) {
      const owner = this.#owner[note]!;
      if (owner === channel || (owner !== NOBODY && this.#managerOf(owner) === channel)) this.#bendKey(note, this.#keyCents(owner), time);
    }
  }

  #bendKey(note: number, cents: number, time: number | undefined): void {
    if (cents === this.#bent[note]) return;
    this.#bent[note] = cents;
    this.#target.bend(cents, note, time);
  }

  #tune(time: number | undefined): void {
    this.#target.tune(this.#fine + this.#coarse + this.#masterFine + this.#masterCoarse, time);
  }
}

/** A hundred cents down and, nearly, up. */
function fineCents(high: number, low: number): number {
  return (100 * (((high & 0x7f) << 7) + (low & 0x7f) - CENTRE)) / CENTRE;
}

function coarseCents(high: number): number {
  return 100 * ((high & 0x7f) - 64);
}
