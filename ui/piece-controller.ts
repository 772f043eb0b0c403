import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { parseMidiFile, type Performance } from '../model/performance.ts';
import type { Take } from './library-store.ts';
import type { PerformanceController } from './performance-controller.ts';
import type { PerformanceSink } from './performance-player.ts';
import { pieceId, type Piece } from './piece-list.ts';
import { request } from '../worklet/request.ts';

/** The pieces on offer, those of the page and those that the player brought, and what is open of them and of the takes. */
export class PieceController implements ReactiveController {
  list: readonly Piece[] = [];
  current: Piece | Take | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #player: PerformanceController;
  readonly #performances = new Map<string, Performance>();
  #requests = 0;

  constructor(host: ReactiveControllerHost, player: PerformanceController) {
    this.#host = host;
    this.#player = player;
    host.addController(this);
  }

  /** `pieceId` of what is open; empty where nothing is. */
  get openId(): string {
    return this.current === undefined ? '' : pieceId(this.current);
  }

  /** What is open, for people to read. */
  get openName(): string {
    const { current } = this;
    if (current === undefined) return '';
    return 'title' in current ? current.title : current.performance.name;
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

  /** The notes of a piece, loaded once. @throws InputError */
  async performanceOf(piece: Piece | Take): Promise<Performance> {
    if ('performance' in piece) return piece.performance;
    let performance = this.#performances.get(piece.file);
    if (performance === undefined) {
      const bytes = await (await request(new URL(piece.file))).arrayBuffer();
      performance = parseMidiFile(new Uint8Array(bytes), piece.title);
      this.#performances.set(piece.file, performance);
    }
    return performance;
  }

  /** Lays a piece out at its start. @returns false where another was asked for while it was loading @throws InputError */
  async open(piece: Piece | Take, sink: PerformanceSink, clock: () => number): Promise<boolean> {
    const request = ++this.#requests;
    const performance = await this.performanceOf(piece);
    if (request !== this.#requests) return false;
    this.current = piece;
    this.#player.open(performance, sink, clock);
    return true;
  }

  /** Plays a piece from its start; the one that is open already, it pauses or continues. @throws InputError */
  async toggle(piece: Piece | Take, sink: PerformanceSink, clock: () => number): Promise<void> {
    if (pieceId(piece) !== this.openId && !(await this.open(piece, sink, clock))) return;
    if (this.#player.playing) this.#player.pause();
    else this.#player.play();
  }

  /** Adds a performance of the player's own to the list, and plays it. */
  add(performance: Performance, sink: PerformanceSink, clock: () => number): void {
    const piece: Piece = { file: performance.name, title: performance.name.replace(/\.[^.]*$/, ''), composer: '', licence: '' };
    this.#performances.set(piece.file, performance);
    this.list = [...this.list.filter(({ file }) => file !== piece.file), piece];
    this.#requests++;
    this.current = piece;
    this.#player.open(performance, sink, clock);
    this.#player.play();
  }

  /** Puts a piece away, if it is the one that is open. */
  close(id: string): void {
    if (id !== this.openId) return;
    this.current = undefined;
    this.#player.close();
  }
}
