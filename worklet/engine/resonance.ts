/** Strings that answer others, by what their dampers let them. */
import { hannWindow } from '../../model/hann-window.ts';
import { resonanceLevel } from '../../model/resonance.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../../model/spec.ts';
import { AnsweringStrings, GROUPS } from './answering-strings.ts';
import { answeringGroups } from './economy.ts';
import { glide } from './glide.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Pedals } from './pedals.ts';
import { sideOf } from './stage.ts';
import type { Timbre } from './strike.ts';

/** As in `worklet/kernel/resonance.ts`: slow samples are a quarter as many, and filters of 32 taps look into the past. */
const SLOWNESS = 4;
const PAST = 32;
const TAPS = 32;

/** A key whose modes have less mean power, -120 dB of full scale, is silent once nothing drives it. */
const INAUDIBLE = 1e-12;
/** Keys that take a new tuning in one tick. */
const TUNED_PER_TICK = 4;
/** Seconds in which answers end that are cut short. */
const FADE_SECONDS = 0.005;

/** Ticks for which a key's own strikes are in the filter's reach. */
const REMEMBERED = 2;
/** Keys that share a place between left and right. */
const ZONE = 8;

/**
 * Feed-forward: struck strings drive the others, which drive nothing, so that no playing makes it unstable. A key never
 * answers its own strikes. Where no damper is up, only the strings without one compute; where nothing sounds, none.
 *
 * Only the constructor and `attach` allocate.
 */
export class Resonance {
  /** One tick of the answers after `run`: middle and side. Zero while nothing answers. */
  middle: Float32Array = new Float32Array(0);
  side: Float32Array = new Float32Array(0);
  readonly #tick: number;
  readonly #strings: AnsweringStrings;
  readonly #address: Record<
    'all' | 'own' | 'silence' | 'filter' | 'freeDrive' | 'pedalDrive' | 'keyDrive' | 'lanes' | 'middleLanes' | 'sideLanes' | 'slow' | 'slowSide' | 'out' | 'sideOut',
    number
  >;
  /** What the dampers leave from slow sample to slow sample, and the share of the drive that they let through. */
  readonly #keep = new Float64Array(NOTE_COUNT);
  readonly #open = new Float64Array(NOTE_COUNT);
  readonly #awake = new Uint8Array(NOTE_COUNT);
  /** Ticks for which each key's own strikes are still remembered. */
  readonly #struck = new Uint8Array(NOTE_COUNT);
  readonly #fadeKeep: number;
  readonly #fadeTicks: number;
  #kernel: Kernel | undefined;
  #all: Float32Array = new Float32Array(0);
  #own: Float32Array = new Float32Array(0);
  #slow: Float32Array = new Float32Array(0);
  #slowSide: Float32Array = new Float32Array(0);
  #dampersMoved = true;
  #fading = false;
  #sounding = false;
  /** Whether `middle`, `side` and what came before them hold more than zeros. */
  #heard = false;
  #level = NaN;
  #wantedLevel = NaN;
  /** Groups of a key that economy leaves, and ticks for which those that it took still fade. */
  #mostGroups = GROUPS;
  #leaving = 0;

  constructor(layout: Layout, { tick, sampleRate }: Spec) {
    const slow = tick / SLOWNESS;
    this.#tick = tick;
    this.#strings = new AnsweringStrings(layout, sampleRate / SLOWNESS);
    this.#address = {
      all: layout.floats(PAST + tick),
      own: layout.floats(NOTE_COUNT * (PAST + tick)),
      silence: layout.floats(slow),
      filter: layout.floats(TAPS),
      freeDrive: layout.floats(slow),
      pedalDrive: layout.floats(slow),
      keyDrive: layout.floats(slow),
      lanes: layout.floats(4 * slow),
      middleLanes: layout.floats(4 * slow),
      sideLanes: layout.floats(4 * slow),
      slow: layout.floats(2 * slow),
      slowSide: layout.floats(2 * slow),
      out: layout.floats(tick),
      sideOut: layout.floats(tick),
    };
    // 60 dB in that time.
    this.#fadeKeep = Math.exp((-Math.log(1000) * SLOWNESS) / (FADE_SECONDS * sampleRate));
    this.#fadeTicks = Math.ceil((2 * FADE_SECONDS * sampleRate) / tick);
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    const at = this.#address;
    const tick = this.#tick;
    this.#kernel = kernel;
    this.#strings.attach(kernel);
    this.#all = kernel.floats(at.all, PAST + tick);
    this.#own = kernel.floats(at.own, NOTE_COUNT * (PAST + tick));
    this.#slow = kernel.floats(at.slow, (2 * tick) / SLOWNESS);
    this.#slowSide = kernel.floats(at.slowSide, (2 * tick) / SLOWNESS);
    this.middle = kernel.floats(at.out, tick);
    this.side = kernel.floats(at.sideOut, tick);
    kernel.floats(at.filter, TAPS).set(quarterBand());
  }

  /** Whether anything answers. */
  get sounding(): boolean {
    return this.#sounding;
  }

  /** @param setting 0 none .. 1; see `NATURAL_RESONANCE`. What sounds glides there */
  setLevel(setting: number): void {
    this.#wantedLevel = resonanceLevel(setting);
  }

  /** Takes over the setting of another one. */
  setLevelOf(other: Resonance): void {
    this.#level = other.#level;
    this.#wantedLevel = other.#wantedLevel;
    this.moveDampers();
  }

  set economy(economy: number) {
    const groups = answeringGroups(economy);
    if (groups < this.#mostGroups) this.#leaving = this.#fadeTicks;
    this.#mostGroups = groups;
  }

  /** The keys take a new tuning one after the other, in the ticks that follow. */
  setTimbre(timbre: Timbre): void {
    this.#strings.setTimbre(timbre);
  }

  /** The keys take another pitch one after the other. @param cents above that of the timbre */
  retune(cents: number): void {
    this.#strings.retune(cents);
  }

  /** Dampers have moved. */
  moveDampers(): void {
    this.#dampersMoved = true;
  }

  /** Address to which a strike of `note` adds what it sounds in this tick; 0 where nobody wants to know. */
  own(note: number): number {
    if (this.#level === 0 && this.#wantedLevel === 0) return 0;
    const key = note - FIRST_NOTE;
    this.#struck[key] = REMEMBERED;
    return this.#ownOf(key) + 4 * PAST;
  }

  /**
   * Computes a tick.
   *
   * @param struck the sum of all struck strings, @param driven whether there are any
   */
  run(struck: Float32Array, driven: boolean, pedals: Pedals): void {
    this.#strings.tune(TUNED_PER_TICK);
    if (this.#dampersMoved) this.#followDampers(pedals);
    const from = this.#level;
    const level = glide(from, this.#wantedLevel);
    this.#level = level;
    if (from === 0 && level === 0) {
      if (this.#heard) this.#silence();
    } else if (driven || this.#sounding) {
      this.#all.set(struck, PAST);
      this.#answer(driven && !this.#fading, from, level);
    } else if (this.#heard) this.#silence();
    this.#forgetStruck();
  }

  /** Takes over what rings in another one. @param lag samples that its state is older than this one's */
  follow(other: Resonance, lag: number): void {
    this.#strings.follow(other.#strings, lag / SLOWNESS);
    this.#awake.set(other.#awake);
    this.#sounding = other.#sounding;
    this.#fading = other.#fading;
  }

  /** Lets all answers end in 5 ms. */
  fadeOut(): void {
    this.#fading = this.#sounding;
  }

  /** Nothing rings, and every key has its tuning. */
  reset(): void {
    this.#strings.tune(NOTE_COUNT);
    this.#level = this.#wantedLevel;
    this.#leaving = 0;
    this.moveDampers();
    this.#own.fill(0);
    this.#struck.fill(0);
    this.#silence();
  }

  /** Computes the keys that are driven or ring. */
  #answer(driven: boolean, from: number, level: number): void {
    const { call } = this.#kernel!;
    const at = this.#address;
    call.slowDown(at.all, at.filter, at.freeDrive);
    call.turnTick(at.all);
    let pedalOpen = 1;
    let sounding = false;
    for (let key = 0; key < NOTE_COUNT; key++) {
      const open = driven ? this.#open[key]! : 0;
      if (key % ZONE === 0) this.#place(key - ZONE);
      if (open === 0 && this.#awake[key] === 0) continue;
      let x = open === 0 ? at.silence : at.freeDrive;
      if (open > 0 && this.#struck[key]! > 0) {
        call.driveWithout(at.freeDrive, this.#ownOf(key), open, at.filter, (x = at.keyDrive));
      } else if (open > 0 && open < 1) {
        // All keys that nothing else holds have the dampers of the pedal.
        if (pedalOpen !== open) call.driveWith(at.freeDrive, (pedalOpen = open), at.pedalDrive);
        x = at.pedalDrive;
      }
      const power = this.#answerKey(key, x);
      const rings = open > 0 || power > INAUDIBLE;
      if (!rings) this.#strings.clear(key);
      this.#awake[key] = rings ? 1 : 0;
      if (rings) sounding = true;
    }
    this.#place(NOTE_COUNT - ZONE);
    if (this.#leaving > 0) this.#leaving--;
    this.#sounding = sounding;
    this.#heard = true;
    if (!sounding) this.#fading = false;
    const step = ((level - from) * SLOWNESS) / this.#tick;
    call.gather(at.middleLanes, from, step, at.slow, at.filter, at.out);
    call.gather(at.sideLanes, from, step, at.slowSide, at.filter, at.sideOut);
  }

  /** Puts what the keys from `key` on have answered where they lie from left to right. */
  #place(key: number): void {
    const { lanes, middleLanes, sideLanes } = this.#address;
    this.#kernel!.call.place(lanes, sideOf(FIRST_NOTE + key + (ZONE - 1) / 2), middleLanes, sideLanes);
  }

  /** @returns mean power of the key's modes */
  #answerKey(key: number, x: number): number {
    const { call } = this.#kernel!;
    const { lanes, silence } = this.#address;
    const strings = this.#strings;
    const groups = strings.groups(key);
    const count = Math.min(this.#mostGroups, groups);
    const keep = this.#fading ? this.#fadeKeep : this.#keep[key]!;
    const power = call.answer(strings.address(key), count, x, keep, lanes);
    if (this.#leaving > 0 && count < groups) {
      call.answer(strings.address(key, count), groups - count, silence, this.#fadeKeep, lanes);
      if (this.#leaving === 1) strings.clear(key, count);
    }
    return power;
  }

  #silence(): void {
    for (let key = 0; key < NOTE_COUNT; key++) this.#strings.clear(key);
    this.#awake.fill(0);
    this.#sounding = false;
    this.#fading = false;
    for (const memory of [this.#all, this.#slow, this.#slowSide, this.middle, this.side]) memory.fill(0);
    this.#heard = false;
  }

  #ownOf(key: number): number {
    return this.#address.own + 4 * key * (PAST + this.#tick);
  }

  /** Makes this tick's own strikes the past of the next one. */
  #forgetStruck(): void {
    for (let key = 0; key < NOTE_COUNT; key++) {
      if (this.#struck[key] === 0) continue;
      this.#struck[key]!--;
      this.#kernel!.call.turnTick(this.#ownOf(key));
    }
  }

  #followDampers(pedals: Pedals): void {
    this.#dampersMoved = false;
    for (let note = FIRST_NOTE; note < FIRST_NOTE + NOTE_COUNT; note++) {
      this.#keep[note - FIRST_NOTE] = pedals.step(note) ** SLOWNESS;
      this.#open[note - FIRST_NOTE] = 1 - pedals.contact(note);
    }
  }
}

/** Low-pass at half of the slow rate: a windowed sinc whose taps add up to 1. */
function quarterBand(): Float64Array {
  // Periodic, so that its zero stands before the first tap.
  const window = hannWindow(TAPS + 1);
  const taps = Float64Array.from({ length: TAPS }, (_, k) => {
    const t = (k - (TAPS - 1) / 2) / SLOWNESS;
    return (Math.sin(Math.PI * t) / t) * window[k + 1]!;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
