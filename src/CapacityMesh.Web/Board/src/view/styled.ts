import { Directive, directive, type ElementPart, type DirectiveParameters, type PartInfo, PartType } from 'lit-html/directive.js';

// A style attribute in markup is refused by a strict Content-Security-Policy; a property set by script is not.
class VarsDirective extends Directive {
  private last: Record<string, string | number> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('vars() stands on an element.');
  }

  render(_vars: Record<string, string | number>): void {}

  override update(part: ElementPart, [vars]: DirectiveParameters<this>): void {
    const style = (part.element as HTMLElement).style;
    for (const [name, value] of Object.entries(vars)) {
      if (this.last[name] !== value) style.setProperty(`--${name}`, String(value));
    }
    this.last = vars;
  }
}

/** Sets CSS custom properties on its element. */
export const vars = directive(VarsDirective);
