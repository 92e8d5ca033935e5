/** Which registers a program uses by their own names (`reg0`, `xreg1[0..7]`), rather than by those of its declarations. */
import type { ExpandedItem } from '../expand/types.ts';
import { bitsOfName } from './register-places.ts';
import type { RegisterBits } from './register-places.ts';
import type { PlacedFlow } from './allocation.ts';

/**
 * All bits of all registers that are named in flows, in what else makes actions, and in tests: of a register of which some
 * bits are used the others are the flow's too, which does not depend on any number in it.
 */
export function directUses(items: readonly ExpandedItem[], flows: Iterable<PlacedFlow>): RegisterBits {
  const names = new Set<string>();
  for (const { flow } of flows) {
    for (const block of flow.matches) collect(block, names);
    for (const block of flow.actions) collect(block, names);
  }
  for (const { decl } of items) {
    if (decl.kind === 'table') collect(decl.attributes, names);
    else if (decl.kind === 'group' || decl.kind === 'test') collect(decl.body, names);
    // What a constant says may be said anywhere.
    else if (decl.kind === 'const') collect(decl.value, names);
  }
  let bits: RegisterBits = 0n;
  for (const name of names) bits |= bitsOfName(name);
  return bits;
}

/** Every name in a tree, a part of a qualified one too. */
function collect(node: unknown, into: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if ('text' in node && typeof node.text === 'string') {
    into.add(node.text);
    return;
  }
  for (const child of Object.values(node)) collect(child, into);
}
