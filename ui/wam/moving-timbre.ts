/** A timbre between two, laid out once and written in place. */
import { PLAIN_LEVELS } from '../../model/key-level.ts';
import { pacedShare } from '../../model/morph.ts';
import { USUAL_ROOM, type RoomShape } from '../../model/room.ts';
import { NOTE_COUNT } from '../../model/spec.ts';
import { NO_ROWS, type Timbre } from '../../worklet/engine/strike.ts';
import type { TunableTimbre } from './protocol.ts';

/** As `interpolateStyles`, for the audio thread: only the constructor allocates. */
export class MovingTimbre implements Timbre {
  readonly embedding: Float64Array;
  readonly keys: readonly Float64Array[];
  readonly tuning: { readonly cents: Float64Array; readonly inharmonicity: Float64Array; phases: readonly ArrayLike<number>[] };
  modes = NO_ROWS;
  readonly modesTowards = { modes: NO_ROWS, share: 0 };
  readonly levels = new Float64Array(NOTE_COUNT);
  readonly room: { -readonly [K in keyof RoomShape]: number };

  constructor({ embedding, tuning }: Timbre) {
    this.embedding = Float64Array.from(embedding);
    this.keys = Array.from({ length: NOTE_COUNT }, () => new Float64Array(embedding.length));
    this.tuning = { cents: Float64Array.from(tuning.cents), inharmonicity: Float64Array.from(tuning.inharmonicity), phases: NO_ROWS };
    this.room = { ...USUAL_ROOM };
  }

  /** @param share 0 gives `a`, 1 gives `b`; @param inTune 0 as the pianos are tuned .. 1 in tune */
  set(a: TunableTimbre, b: TunableTimbre, share: number, inTune: number): void {
    const t = pacedShare(share, b.pace - a.pace);
    for (let i = 0; i < this.embedding.length; i++) this.embedding[i] = a.embedding[i]! + (b.embedding[i]! - a.embedding[i]!) * t;
    const { cents, inharmonicity } = this.tuning;
    for (let key = 0; key < NOTE_COUNT; key++) {
      const found = a.tuning.cents[key]! + (b.tuning.cents[key]! - a.tuning.cents[key]!) * t;
      const even = a.evenCents[key]! + (b.evenCents[key]! - a.evenCents[key]!) * t;
      cents[key] = found + inTune * (even - found);
      inharmonicity[key] = a.tuning.inharmonicity[key]! * (b.tuning.inharmonicity[key]! / a.tuning.inharmonicity[key]!) ** t;
      this.levels[key] = (1 - t) * (a.levels ?? PLAIN_LEVELS)[key]! + t * (b.levels ?? PLAIN_LEVELS)[key]!;
      const own = this.keys[key]!;
      const x = a.keys?.[key];
      const y = b.keys?.[key];
      for (let i = 0; i < own.length; i++) own[i] = (1 - t) * (x?.[i] ?? 0) + t * (y?.[i] ?? 0);
    }
    const from = a.room ?? USUAL_ROOM;
    const to = b.room ?? USUAL_ROOM;
    this.room.decaySeconds = from.decaySeconds * (to.decaySeconds / from.decaySeconds) ** t;
    this.room.highDecaySeconds = from.highDecaySeconds * (to.highDecaySeconds / from.highDecaySeconds) ** t;
    this.room.level = from.level + (to.level - from.level) * t;
    this.modes = a.modes ?? NO_ROWS;
    this.modesTowards.modes = b.modes ?? NO_ROWS;
    this.modesTowards.share = t;
    this.tuning.phases = (t < 0.5 ? a : b).tuning.phases ?? NO_ROWS;
  }
}
