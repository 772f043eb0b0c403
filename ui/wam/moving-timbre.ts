/** A timbre between two, laid out once and written in place. */
import type { Timbre } from '../../worklet/engine/strike.ts';

/** As `interpolateStyles`, for the audio thread: only the constructor allocates. */
export class MovingTimbre implements Timbre {
  readonly embedding: Float64Array;
  readonly tuning: { readonly cents: Float64Array; readonly inharmonicity: Float64Array };

  constructor({ embedding, tuning }: Timbre) {
    this.embedding = Float64Array.from(embedding);
    this.tuning = { cents: Float64Array.from(tuning.cents), inharmonicity: Float64Array.from(tuning.inharmonicity) };
  }

  /** @param t 0 gives `a`, 1 gives `b` */
  set(a: Timbre, b: Timbre, t: number): void {
    for (let i = 0; i < this.embedding.length; i++) this.embedding[i] = a.embedding[i]! + (b.embedding[i]! - a.embedding[i]!) * t;
    const { cents, inharmonicity } = this.tuning;
    for (let key = 0; key < cents.length; key++) {
      cents[key] = a.tuning.cents[key]! + (b.tuning.cents[key]! - a.tuning.cents[key]!) * t;
      inharmonicity[key] = a.tuning.inharmonicity[key]! * (b.tuning.inharmonicity[key]! / a.tuning.inharmonicity[key]!) ** t;
    }
  }
}
