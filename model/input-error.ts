/** Bad input from outside: a file, an option or a message that cannot be used. */

/** Everything that would break a line or hide text on a terminal. */
const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const LONGEST = 300;

function oneLine(text: string): string {
  const line = text.replace(CONTROL_CHARACTERS, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

/**
 * Says in one line what is wrong with what was given. The command line prints
 * the message and exits with 2; the page shows it and goes on playing.
 */
export class InputError extends Error {
  override readonly name = 'InputError';

  /** @param source the file or option, as the user named it, @param problem what is wrong with it */
  constructor(source: string, problem: string) {
    super(`${oneLine(source)}: ${oneLine(problem)}`);
  }
}
