/** What a server gets of the package: all that needs no page, and in place of the elements what cannot be made. */
export * from '../worklet/anypiano-node.ts';

type Unmakable = new () => never;

/** May be extended, but not constructed. */
function browserOnly(name: string): Unmakable {
  const unmakable = function (): never {
    throw new Error(`${name} can be made in a browser only: a server writes the tag, and the browser does the rest.`);
  };
  return unmakable as unknown as Unmakable;
}

export const AnyPiano: Unmakable = browserOnly('AnyPiano');
export const PianoKeyboard: Unmakable = browserOnly('PianoKeyboard');
export const PianoStrings: Unmakable = browserOnly('PianoStrings');
export const KeyReleaseEvent: Unmakable = browserOnly('KeyReleaseEvent');
export const KeyStrikeEvent: Unmakable = browserOnly('KeyStrikeEvent');
