/** What `createGui` shows: the choice of pianos, the sliders, the pedals and the keys. */
import type { WamParameterData, WamParameterDataMap, WamParameterInfo, WamParameterInfoMap } from '@webaudiomodules/api';
import { LitElement, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import type { PianoState } from '../../worklet/node.ts';
import { brassSlider } from '../brass-slider.ts';
import { KeyWindowController } from '../key-window-controller.ts';
import type { KeyReleaseEvent, KeyStrikeEvent, PianoKeyboard } from '../piano-keyboard.ts';
import type { PedalEvent } from '../piano-pedal.ts';
import { theme } from '../theme.ts';
import { guiStyles } from './gui.styles.ts';
import { PARAMETERS, PLACE, type ParameterId } from './parameters.ts';
import type { PianoWamNode } from './wam-node.ts';

const TAG = 'anypiano-wam';
const [NOTE_ON, NOTE_OFF, CONTROL_CHANGE] = [0x90, 0x80, 0xb0];
const SLIDERS: readonly ParameterId[] = ['volume', 'brightness', 'hammer', 'concertPitch', 'inTune', 'width', 'room', 'resonance', 'touch'];
const PEDALS: readonly { readonly id: ParameterId; readonly name: string; readonly controller: number }[] = [
  { id: 'soft', name: 'Una corda', controller: 67 },
  { id: 'sostenuto', name: 'Sostenuto', controller: 66 },
  { id: 'sustain', name: 'Sustain', controller: 64 },
];

/** Events after which a setting may have another value. */
const MOVES = ['wam-automation', 'wam-midi', 'wam-mpe'] as const;

/** The controls of one node. What is moved here goes through the node's events, so that a host can record it. */
class WamGui extends LitElement {
  static override readonly properties = { node: { attribute: false } };
  static override readonly styles: CSSResult[] = [theme, brassSlider, guiStyles];

  declare node: PianoWamNode;
  #info: WamParameterInfoMap = {};
  #values: WamParameterDataMap = {};
  #reading = false;
  readonly #window = new KeyWindowController(this);

  override connectedCallback(): void {
    super.connectedCallback();
    for (const type of MOVES) this.node.addEventListener(type, this.#read);
    this.node.addEventListener('state', this.#glow);
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const type of MOVES) this.node.removeEventListener(type, this.#read);
    this.node.removeEventListener('state', this.#glow);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (Object.keys(this.#values).length === 0) return nothing;
    return html`<section aria-label="anypiano">
      <div class="pianos">${this.#select('piano')} ${this.#slider('morph')} ${this.#select('towards')}</div>
      <div class="sliders">${SLIDERS.map((id) => this.#slider(id))}</div>
      <piano-keyboard
        .first=${this.#window.first}
        .shown=${this.#window.shown}
        @key-strike=${(event: KeyStrikeEvent) => this.#midi(NOTE_ON, event.note, Math.max(1, Math.round(127 * event.velocity)))}
        @key-release=${(event: KeyReleaseEvent) => this.#midi(NOTE_OFF, event.note, 0)}
      ></piano-keyboard>
      <div class="pedals" @pedal=${(event: PedalEvent) => this.#midi(CONTROL_CHANGE, event.controller, Math.round(127 * event.depth))}>
        ${PEDALS.map(({ id, name, controller }) => {
          const { maxValue } = this.#info[id]!;
          return html`<piano-pedal .name=${name} .controller=${controller} .depth=${this.#values[id]!.value / maxValue}></piano-pedal>`;
        })}
      </div>
    </section>`;
  }

  #select(id: ParameterId): TemplateResult {
    const { choices, label } = this.#info[id]!;
    const { value } = this.#values[id]!;
    return html`<label>
      <span>${label}</span>
      <select @change=${(event: Event) => this.#set(id, Number((event.target as HTMLSelectElement).value))}>
        ${choices.map((name, i) => html`<option value=${i} .selected=${i === value}>${name}</option>`)}
      </select>
    </label>`;
  }

  #slider(id: ParameterId): TemplateResult {
    const info: WamParameterInfo = this.#info[id]!;
    const { value } = this.#values[id]!;
    const { step } = PARAMETERS[PLACE[id]]!;
    return html`<label>
      <span>${info.label}</span>
      <input
        class="brass"
        type="range"
        min=${info.minValue}
        max=${info.maxValue}
        step=${step}
        aria-valuetext=${info.valueString(value)}
        .value=${String(step * Math.round(value / step))}
        @input=${(event: Event) => this.#set(id, Number((event.target as HTMLInputElement).value))}
      />
    </label>`;
  }

  #set(id: ParameterId, value: number): void {
    const data: WamParameterData = { id, value, normalized: false };
    this.node.scheduleEvents({ type: 'wam-automation', data });
  }

  #midi(status: number, first: number, second: number): void {
    this.node.scheduleEvents({ type: 'wam-midi', data: { bytes: [status, first, second] } });
  }

  async #open(): Promise<void> {
    this.#info = await this.node.getParameterInfo();
    this.#read();
  }

  /** One question at a time, however many events come. */
  readonly #read = (): void => {
    if (this.#reading) return;
    this.#reading = true;
    void this.node.getParameterValues().then((values) => {
      this.#reading = false;
      if (values === undefined) return;
      this.#values = values;
      this.requestUpdate();
    });
  };

  readonly #glow = (event: Event): void => {
    const { notes } = (event as CustomEvent<PianoState>).detail;
    const keyboard = this.renderRoot.querySelector<PianoKeyboard>('piano-keyboard');
    keyboard?.showLevels(Array.from(notes, (level) => Math.min(1, level / 190) ** 1.4));
  };
}

/** @returns an element that follows the node as long as it is in the page */
export async function createElement(node: PianoWamNode): Promise<HTMLElement> {
  // A page with a piano of its own has these parts already.
  if (customElements.get('piano-keyboard') === undefined) await import('../piano-keyboard.ts');
  if (customElements.get('piano-pedal') === undefined) await import('../piano-pedal.ts');
  if (customElements.get(TAG) === undefined) customElements.define(TAG, WamGui);
  return Object.assign(document.createElement(TAG), { node });
}
