/**
 * Defines a custom element, as Lit's decorator of this name does, but leaves the name to whoever
 * had it first: two copies of the package may be on one page, and the first makes all pianos.
 */
export function customElement(name: string): (element: CustomElementConstructor) => void {
  return (element) => {
    if (customElements.get(name) === undefined) customElements.define(name, element);
  };
}
