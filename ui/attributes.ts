/** Attributes as properties: one that is taken away leaves its property as it began. */
import type { ComplexAttributeConverter } from 'lit';

export const text: ComplexAttributeConverter<string> = { fromAttribute: (value) => value ?? '' };

/** @param rest where the property began */
export function numberFrom(rest: number): ComplexAttributeConverter<number> {
  return { fromAttribute: (value) => (value === null ? rest : Number(value)) };
}
