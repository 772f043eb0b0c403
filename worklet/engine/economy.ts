/** What the piano leaves out while the processor is too slow: first what is least heard. */

/** Largest economy: 0 leaves nothing out. */
export const MOST_ECONOMY = 8;

/** Amplitude below which a mode is not heard: -120 dB of full scale, and up to -80 under economy. */
export function audibleAmplitude(economy: number): number {
  return 10 ** ((-120 + 10 * Math.min(4, economy)) / 20);
}

/** How many voices may ring on after their key was released; all of them up to half the economy. */
export function mostReleased(economy: number): number {
  if (economy <= 4) return Infinity;
  return [48, 32, 16, 8][economy - 5]!;
}

/** Groups of four partials with which each string answers others: all four up to half the economy, one in the end. */
export function answeringGroups(economy: number): number {
  return Math.max(1, Math.min(4, 8 - economy));
}

/** Share of real time at which something is left out, and under which something comes back. */
const BUSY = 0.7;
const IDLE = 0.4;
/** Reports in a row under `IDLE` before something comes back. */
const PATIENCE = 30;

/** Follows the load of the audio thread: up at once, down slowly. */
export class LoadGovernor {
  #economy = 0;
  #idle = 0;

  get economy(): number {
    return this.#economy;
  }

  /** @param load share of real time that the last report's blocks took; @returns whether the economy changed */
  update(load: number): boolean {
    const before = this.#economy;
    this.#idle = load < IDLE ? this.#idle + 1 : 0;
    if (load > BUSY) this.#economy = Math.min(MOST_ECONOMY, before + (load > 1 ? 2 : 1));
    else if (this.#idle >= PATIENCE && before > 0) {
      this.#economy--;
      this.#idle = 0;
    }
    return this.#economy !== before;
  }
}
