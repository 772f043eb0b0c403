import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface DropListener {
  onFile(file: File): void;
}

/** Takes files that are dropped on the element. */
export class DropController implements ReactiveController {
  /** Whether a file is held over the element. */
  over = false;
  readonly #host: ReactiveControllerHost & DropListener & HTMLElement;

  constructor(host: ReactiveControllerHost & DropListener & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('dragover', this.#onDragOver);
    this.#host.addEventListener('dragleave', this.#onDragLeave);
    this.#host.addEventListener('drop', this.#onDrop);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('dragover', this.#onDragOver);
    this.#host.removeEventListener('dragleave', this.#onDragLeave);
    this.#host.removeEventListener('drop', this.#onDrop);
  }

  readonly #onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#hover(true);
  };

  readonly #onDragLeave = (event: DragEvent): void => {
    if (!this.#host.contains(event.relatedTarget as Node | null)) this.#hover(false);
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.#hover(false);
    const file = event.dataTransfer?.files[0];
    // A word that is dropped on a field is the field's.
    if (file === undefined) return;
    event.preventDefault();
    this.#host.onFile(file);
  };

  #hover(over: boolean): void {
    if (over === this.over) return;
    this.over = over;
    this.#host.requestUpdate();
  }
}
