/** The WaveNet's sizes, all in one place. */
import { waveNetConditioningSize, waveNetWidths, type Spec } from './spec.ts';

/** Sizes of one network. */
export interface WaveNetShape {
  /** Numbers that enter and leave one row. */
  readonly inputs: number;
  readonly outputs: number;
  /** Any number; computed in multiples of 8. */
  readonly channels: number;
  readonly dilations: readonly number[];
  /** Length of the conditioning vector. */
  readonly conditioning: number;
  /**
   * `paired` where the matrices of the layers are rounded to pairs of 16 bits (`roundToPairs`) and channels a
   * multiple of 8: then single rows, as an autoregressive network has them, need half the loads. Default `float32`.
   */
  readonly weights?: 'float32' | 'paired';
}

/** Shape of a model's WaveNet; one that generates runs row by row, with paired weights. */
export function waveNetShape(spec: Spec): WaveNetShape {
  const { channels, dilations } = spec.waveNet;
  const weights = spec.generator === undefined ? 'float32' : 'paired';
  return { ...waveNetWidths(spec), channels, dilations, conditioning: waveNetConditioningSize(spec), weights };
}
