/** Which bodies make nothing but flows. */
import type { Item, TemplateDecl } from '../../grammar/ast.ts';
import type { Env } from './env.ts';

/** True where, whatever the values, nothing but flows comes out of the body of a loop. */
export function makesOnlyFlows(items: readonly Item[], env: Env, seen = new Set<TemplateDecl>()): boolean {
  return items.every((item) => {
    switch (item.kind) {
      case 'flow':
        return true;
      case 'const':
        // One that is made of a text would be the file's.
        return item.name.quoted === undefined;
      case 'for':
        return makesOnlyFlows(item.items, env, seen);
      case 'if':
        return makesOnlyFlows(item.then, env, seen) && makesOnlyFlows(item.else, env, seen);
      case 'use': {
        const template = named(
          item.template.path.map((n) => n.text),
          env,
        );
        if (template === null) return false;
        if (seen.has(template.decl)) return true;
        seen.add(template.decl);
        return makesOnlyFlows(template.decl.items, template.env, seen);
      }
      default:
        return false;
    }
  });
}

/** The template of that name; nothing is said where there is none. */
function named(path: readonly string[], env: Env): { readonly decl: TemplateDecl; readonly env: Env } | null {
  const [first = '', second, ...rest] = path;
  const symbol = env.symbol(first);
  if (symbol?.kind === 'template' && second === undefined) return symbol;
  if (symbol?.kind !== 'module' || symbol.module === null || second === undefined || rest.length > 0)
    return null;
  const member = symbol.module.scope.value.get(second);
  return member?.kind === 'template' ? member : null;
}
