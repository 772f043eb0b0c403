import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { parseMidiFile, type Performance } from '../model/performance.ts';
import type { PerformanceController } from './performance-controller.ts';
import type { PerformanceSink } from './performance-player.ts';
import type { Piece } from './piece-list.ts';
import { request } from './request.ts';

/** The pieces on offer, those of the page and those that the player brought, and which of them is open. */
export class PieceController implements ReactiveController {
  list: readonly Piece[] = [];
  current: Piece | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #player: PerformanceController;
  readonly #performances = new Map<string, Performance>();

  constructor(host: ReactiveControllerHost, player: PerformanceController) {
    this.#host = host;
    this.#player = player;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.current = undefined;
  }

  /** Loads the list of pieces. @throws InputError, or SyntaxError if it is not JSON */
  async load(list: URL): Promise<void> {
    const pieces = (await (await request(list)).json()) as Piece[];
    this.list = pieces.map((piece) => ({ ...piece, file: new URL(piece.file, list).href }));
    this.#host.requestUpdate();
  }

  /** Plays a piece from its start; the one that is open already, it pauses or continues. @throws InputError */
  async toggle(piece: Piece, sink: PerformanceSink, clock: () => number): Promise<void> {
    if (piece.file === this.current?.file) {
      if (this.#player.playing) this.#player.pause();
      else this.#player.play();
      return;
    }
    let performance = this.#performances.get(piece.file);
    if (performance === undefined) {
      const bytes = await (await request(new URL(piece.file))).arrayBuffer();
      performance = parseMidiFile(new Uint8Array(bytes), piece.title);
      this.#performances.set(piece.file, performance);
    }
    this.current = piece;
    this.#player.open(performance, sink, clock);
  }

  /** Adds a performance of the player's own to the list, and plays it. */
  add(performance: Performance, sink: PerformanceSink, clock: () => number): void {
    const piece: Piece = { file: performance.name, title: performance.name.replace(/\.[^.]*$/, ''), composer: '', licence: '' };
    this.#performances.set(piece.file, performance);
    this.list = [...this.list.filter(({ file }) => file !== piece.file), piece];
    this.current = piece;
    this.#player.open(performance, sink, clock);
  }
}
