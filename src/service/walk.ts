/** What stands at an offset of the tree. */
import type {
  Argument,
  Block,
  CommandStatement,
  Expr,
  FileNode,
  ForBinding,
  Item,
  Name,
  NameExpr,
  Parameter,
  RelationStatement,
  Statement,
  StatementMaker,
} from '../../grammar/ast.ts';
import { covers } from './document.ts';

export type Node = Item | Block | Statement | StatementMaker | Argument | Parameter | Expr | Name;

/** A name under the cursor, and the nodes it stands in, the innermost first. */
export interface Found {
  readonly name: Name;
  readonly parents: readonly Node[];
}

const isName = (node: Node): node is Name => !('kind' in node) && 'text' in node;
const isArgument = (node: Node): node is Argument => !('kind' in node) && 'value' in node;
const isParameter = (node: Node): node is Parameter => !('kind' in node) && 'type' in node;

const present = <T>(...nodes: readonly (T | null)[]): readonly T[] =>
  nodes.filter((n): n is T & {} => n !== null);

function ofExpr(e: Expr): readonly Node[] {
  switch (e.kind) {
    case 'name':
      return [...e.path, ...present(e.subfield?.from ?? null, e.subfield?.to ?? null)];
    case 'flags':
      return e.flags.map((f) => f.name);
    case 'call':
      return [e.name, ...e.args];
    case 'masked':
      return [e.value, e.mask];
    case 'range':
      return [e.from, e.to];
    case 'set':
    case 'list':
      return e.elements;
    case 'record':
      return e.entries.flatMap((entry) => [entry.name, entry.value]);
    case 'binary':
      return [e.left, e.right];
    case 'unary':
      return [e.operand];
    case 'load':
      return present<Node>(e.path);
    case 'string':
      return (e.parts ?? []).filter((part) => typeof part !== 'string');
    default:
      return [];
  }
}

/** The nodes directly below one, in no particular order. */
export function children(node: Node | FileNode): readonly Node[] {
  if (!('kind' in node)) {
    if (isParameter(node)) return present<Node>(node.name, node.type, node.default);
    return isArgument(node) ? present<Node>(node.name, node.value) : [];
  }
  switch (node.kind) {
    case 'file':
      return node.items;
    case 'program':
      return present<Node>(node.name, node.body);
    case 'const':
      return [node.name, node.value];
    case 'port':
    case 'group':
    case 'meter':
      return present<Node>(node.name, node.value, node.body);
    case 'tunnel_metadata':
      return present<Node>(node.body);
    case 'register':
      return present<Node>(node.name, node.value, node.width);
    case 'table':
      return present<Node>(node.name, node.value, ...node.attributes, ...node.flows, ...node.nested);
    case 'flow':
      return present<Node>(node.name, ...node.attributes, ...node.matches, ...node.actions);
    case 'bridge':
      return [node.name, ...node.attributes, ...node.ports];
    case 'test':
      return present<Node>(node.name, node.body);
    case 'block':
      return present<Node>(node.keyword, ...node.statements, ...node.nested);
    case 'import':
      return present<Node>(node.path, node.alias);
    case 'extend':
      return [node.table, ...node.attributes, ...node.flows, ...node.nested];
    case 'template':
      return [node.name, ...node.parameters, ...node.items];
    case 'use':
      return [node.template, ...(node.args ?? [])];
    case 'for':
      return [...bound(node.binding), node.in, ...('items' in node ? node.items : [node.body])];
    case 'if':
      return 'body' in node
        ? [node.condition, ...node.then, ...node.else]
        : present<Node>(node.condition, node.then, node.else);
    case 'relation':
      return [node.target, node.value];
    case 'command':
      return present<Node>(node.name, ...(node.args ?? []), node.operand, node.block);
    default:
      return ofExpr(node);
  }
}

function bound({ value, index }: ForBinding): readonly Name[] {
  return present(...(value.kind === 'name' ? [value.name] : value.names), index);
}

/** The innermost name at an offset; null where none stands. */
export function nameAt(tree: FileNode, offset: number): Found | null {
  const search = (level: readonly Node[], parents: readonly Node[]): Found | null => {
    // At the seam of two nodes the one that begins there is meant, if there is a name in it.
    for (const node of level.filter((n) => covers(n.span, offset)).reverse()) {
      if (isName(node)) {
        if (node.text !== '') return { name: node, parents };
        const quoted = node.quoted === undefined ? null : search([node.quoted], parents);
        if (quoted !== null) return quoted;
        continue;
      }
      const found = search(children(node), [node, ...parents]);
      if (found !== null) return found;
    }
    return null;
  };
  return search(tree.items, []);
}

/** The role of a name: what kind of thing may stand there. */
export type Role =
  | { readonly kind: 'target'; readonly relation: RelationStatement; readonly node: NameExpr }
  | { readonly kind: 'value'; readonly relation: RelationStatement }
  | { readonly kind: 'command'; readonly command: CommandStatement; readonly block: Block | null }
  | { readonly kind: 'operand'; readonly command: CommandStatement }
  /** A keyword, or the name of an argument. */
  | { readonly kind: 'keyword' }
  | { readonly kind: 'declaration'; readonly item: Item }
  | { readonly kind: 'other' };

export function roleOf({ name, parents }: Found): Role {
  const [parent] = parents;
  if (parent === undefined) return { kind: 'other' };
  if (isArgument(parent)) return { kind: parent.name === name ? 'keyword' : 'other' };
  if (!('kind' in parent)) return { kind: 'other' };
  if (parent.kind === 'block') return { kind: 'keyword' };
  if ('keyword' in parent && 'doc' in parent) return { kind: 'declaration', item: parent };
  if (parent.kind === 'command' && parent.name === name) {
    return { kind: 'command', command: parent, block: enclosingBlock(parents) };
  }
  const statement = parents.find(
    (p): p is Statement => 'kind' in p && (p.kind === 'relation' || p.kind === 'command'),
  );
  if (statement === undefined) return { kind: 'other' };
  if (statement.kind === 'command') return { kind: 'operand', command: statement };
  const target: NameExpr | null = statement.target.kind === 'name' ? statement.target : null;
  if (target !== null && parents.includes(target))
    return { kind: 'target', relation: statement, node: target };
  return { kind: 'value', relation: statement };
}

function enclosingBlock(parents: readonly Node[]): Block | null {
  return parents.find((p): p is Block => 'kind' in p && p.kind === 'block') ?? null;
}

/** Is the name in a match: of a flow, or of something nested in an action? */
export function inMatch(parents: readonly Node[]): boolean {
  return enclosingBlock(parents)?.keyword?.text === 'match';
}

/** All declarations of a file, those in bridges included. */
export function declarations(tree: FileNode): readonly Item[] {
  return tree.items.flatMap((item): readonly Item[] => {
    if (item.kind === 'bridge') return [item, ...item.ports];
    if (item.kind === 'table') return [item, ...item.flows];
    return [item];
  });
}
