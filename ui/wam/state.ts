/** What a host keeps of the piano with its project: all settings, and both pianos as they are. */
import * as v from 'valibot';
import { InputError } from '../../model/input-error.ts';
import { parseStyle, type Style } from '../../model/style.ts';
import { validate } from '../../model/validate.ts';
import type { Slot } from './protocol.ts';

export const STATE_FORMAT = 'anypiano-wam/1';

/** JSON. A state opens where the list of pianos is another one, since the styles are inside. */
export interface WamState {
  readonly format: typeof STATE_FORMAT;
  /** Values by id, in the units of the parameters; what is not there stays as it is. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly styles: Readonly<Record<Slot, Style>>;
}

const StateSchema = v.object({
  format: v.literal(STATE_FORMAT),
  parameters: v.record(v.string(), v.pipe(v.number(), v.finite())),
  styles: v.object({ piano: v.unknown(), towards: v.unknown() }),
});

/** Undefined for what hosts pass where they have no state yet: nothing, or an empty object. @throws InputError for what is no state */
export function parseState(input: unknown): WamState | undefined {
  if (input === undefined || input === null || (typeof input === 'object' && Object.keys(input).length === 0)) return undefined;
  const { format, parameters, styles } = validate(StateSchema, input, 'state');
  const style = (slot: Slot): Style => {
    if (styles[slot] === undefined) throw new InputError('state', `has no style for ${slot}`);
    return parseStyle(styles[slot], `state, ${slot}`);
  };
  return { format, parameters, styles: { piano: style('piano'), towards: style('towards') } };
}
