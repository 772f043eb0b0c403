/** Name of the processor behind each plugin. It posts one message, without content, when that plays what is no number; one that it gets lets it go. */
export const GUARD_NAME = 'anypiano-plugin-guard';
