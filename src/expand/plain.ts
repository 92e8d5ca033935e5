/** A program in which nothing happens at compile time, as an expansion gives it. */
import type { FileNode, FlowDecl, Item } from '../../grammar/ast.ts';
import { MAIN } from './origin.ts';
import type { ExpandedFlow, ExpandedItem } from './types.ts';

const flow = (decl: FlowDecl): ExpandedFlow => ({ kind: 'flow', decl, origin: MAIN });

/** The items of a tree that is `plain`; in any other, those that an expansion would give as they are. */
export function plainItems(tree: FileNode): readonly ExpandedItem[] {
  return tree.items.flatMap((decl: Item): ExpandedItem | [] => {
    switch (decl.kind) {
      case 'flow':
        return flow(decl);
      case 'table':
        return { kind: 'table', decl, origin: MAIN, flows: decl.flows.map(flow) };
      case 'import':
      case 'extend':
      case 'template':
      case 'use':
      case 'for':
      case 'if':
        return [];
      default:
        return { kind: 'other', decl, origin: MAIN };
    }
  });
}
