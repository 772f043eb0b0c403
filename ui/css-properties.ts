import { noChange } from 'lit';
import { Directive, directive, PartType, type DirectiveResult, type ElementPart, type PartInfo } from 'lit/directive.js';

type Properties = Readonly<Record<string, string>>;

class CssPropertiesDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('cssProperties stands in a tag, not in an attribute');
  }

  override render(properties: Properties): typeof noChange {
    // Only `update` knows the element; on a server there is none to dress.
    void properties;
    return noChange;
  }

  override update({ element }: ElementPart, [properties]: [Properties]): typeof noChange {
    const { style } = element as HTMLElement | SVGElement;
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
    return noChange;
  }
}

/**
 * Sets CSS properties of an element, for what changes as one plays. It goes
 * through the object model: a strict content security policy refuses style
 * attributes.
 *
 * ```ts
 * html`<i ${cssProperties({ '--depth': '0.5' })}></i>`
 * ```
 */
export const cssProperties: (properties: Properties) => DirectiveResult = directive(CssPropertiesDirective);
