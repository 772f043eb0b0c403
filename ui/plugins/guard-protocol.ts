/** Name of the processor behind each effect. It posts one message, without content, when the effect plays what is no number. */
export const GUARD_NAME = 'anypiano-plugin-guard';
