/** What each command of the command line offers to `anypiano.ts`. */

export interface CommandContext {
  /** Writes one line to standard output. */
  print(line: string): void;
  /** Aborted by Ctrl-C; a command then leaves nothing half-done and returns or throws. */
  readonly signal: AbortSignal;
}

export interface Command {
  /** What `--help` shows. */
  readonly help: string;
  /**
   * @param args what follows the command's name
   * @throws InputError for anything wrong with what the user gave
   */
  run(args: readonly string[], context: CommandContext): Promise<void>;
}
