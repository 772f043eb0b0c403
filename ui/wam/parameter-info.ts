/** What a host is told about a parameter. */
import type { WamParameterInfo, WamParameterType } from '@webaudiomodules/api';
import type { Parameter } from './parameters.ts';

/** Values run evenly between their ends, so that an automation lane reads as it sounds. */
export class ParameterInfo implements WamParameterInfo {
  readonly id: string;
  readonly label: string;
  readonly type: WamParameterType;
  readonly defaultValue: number;
  readonly minValue: number;
  readonly maxValue: number;
  readonly discreteStep: number;
  readonly exponent = 0;
  readonly choices: string[];
  readonly units: string;
  readonly #step: number;

  /** @param pianos names to choose from */
  constructor({ id, label, type, defaultValue, minValue, maxValue, units, step }: Parameter, pianos: readonly string[]) {
    this.id = id;
    this.label = label;
    this.type = type;
    this.minValue = minValue;
    this.choices = type === 'choice' ? [...pianos] : [];
    this.maxValue = type === 'choice' ? pianos.length - 1 : maxValue;
    this.defaultValue = Math.min(defaultValue, this.maxValue);
    this.discreteStep = type === 'float' ? 0 : 1;
    this.units = units;
    this.#step = step;
  }

  normalize(value: number): number {
    return (value - this.minValue) / (this.maxValue - this.minValue);
  }

  denormalize(share: number): number {
    return this.minValue + share * (this.maxValue - this.minValue);
  }

  valueString(value: number): string {
    if (this.type === 'choice') return this.choices[Math.round(value)] ?? '';
    if (this.type === 'boolean') return value >= 0.5 ? 'on' : 'off';
    return `${Number((this.#step * Math.round(value / this.#step)).toFixed(1))} ${this.units}`;
  }
}
