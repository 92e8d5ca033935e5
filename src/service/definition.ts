/** Where the thing under the cursor is declared, in this file or in one that it imports. */
import type { FileNode, ImportDecl, Item, Name, NameExpr, Span } from '../../grammar/ast.ts';
import { parse } from '../../grammar/parser.ts';
import type { Library } from '../project/compile.ts';
import type { Document } from './document.ts';
import { covers } from './document.ts';
import type { Found, Node } from './walk.ts';
import { children, nameAt } from './walk.ts';

export interface Definition {
  /** Of another file; null for the document itself. */
  readonly file: { readonly path: string; readonly text: string } | null;
  /** The name in its declaration; the beginning of a file that is imported or loaded. */
  readonly span: Span;
}

/** `library` finds the files that are imported and loaded. Nothing is said of the standard library, which is in no file. */
export function definition(
  document: Document,
  offset: number,
  library: Library | null = null,
): Definition | null {
  const { tree } = document.analysis;
  const files = new Files(document, library);
  const wanted = pathAt(tree.items, offset);
  if (wanted !== null) return files.beginning(wanted);
  const found = nameAt(tree, offset);
  return found === null ? null : new Search(tree, files, found).run();
}

/** The path of an `import` or a `load` under the cursor. */
function pathAt(nodes: readonly Node[], offset: number): string | null {
  for (const node of nodes) {
    if (!('span' in node) || !covers(node.span, offset) || !('kind' in node)) continue;
    if (
      (node.kind === 'import' || node.kind === 'load') &&
      node.path !== null &&
      covers(node.path.span, offset)
    )
      return node.path.value;
    const found = pathAt(children(node), offset);
    if (found !== null) return found;
  }
  return null;
}

class Files {
  private readonly document: Document;
  private readonly library: Library | null;

  constructor(document: Document, library: Library | null) {
    this.document = document;
    this.library = library;
  }

  private find(wanted: string): { readonly path: string; readonly text: string } | null {
    const found = wanted.startsWith('std/') ? null : this.library?.find(this.document.path, wanted);
    return found?.kind === 'found' ? found.file : null;
  }

  beginning(wanted: string): Definition | null {
    const file = this.find(wanted);
    return file === null ? null : { file, span: { start: 0, end: 0 } };
  }

  /** What an imported file declares for others: what begins with `_` is its own. */
  declared({ path }: ImportDecl, name: string, kinds: Kinds): { item: Item; at: Definition } | null {
    const file = path === null || name.startsWith('_') ? null : this.find(path.value);
    if (file === null) return null;
    const item = declaredIn(parse(file.text).tree.items, name, kinds);
    const span = item === null ? null : nameSpan(item);
    return item === null || span === null ? null : { item, at: { file, span } };
  }
}

/** Kinds of declarations that a name may mean. */
type Kinds = readonly Item['kind'][];

const VALUES: Kinds = ['const', 'port', 'register', 'table'];
/** Actions whose operand is a declaration of one kind. */
const OPERANDS: Readonly<Record<string, Kinds>> = { goto: ['table'], group: ['group'], meter: ['meter'] };
/** Arguments and properties that name one. */
const NAMED: Readonly<Record<string, Kinds>> = {
  table: ['table'],
  meter_id: ['meter'],
  watch_group: ['group'],
};

class Search {
  private readonly tree: FileNode;
  private readonly files: Files;
  private readonly found: Found;

  constructor(tree: FileNode, files: Files, found: Found) {
    this.tree = tree;
    this.files = files;
    this.found = found;
  }

  run(): Definition | null {
    const { name, parents } = this.found;
    const [parent] = parents;
    if (parent === undefined) return null;
    if (!('kind' in parent)) {
      if ('type' in parent) return parent.name === name ? here(name.span) : null;
      return 'value' in parent && parent.name === name ? this.parameter() : this.plain(name.text);
    }
    if (parent.kind === 'flags' || parent.kind === 'call' || parent.kind === 'block') return null;
    if ('doc' in parent) return here(name.span);
    return parent.kind === 'name' && parent.path.length > 1 ? this.qualified(parent) : this.plain(name.text);
  }

  private plain(name: string): Definition | null {
    return (
      here(this.bound(name)) ??
      this.declaration(name, this.kinds())?.at ??
      here(this.alias(name)?.alias?.span)
    );
  }

  /** `p.acl`, `h.ip` */
  private qualified({ path }: NameExpr): Definition | null {
    const [first, second] = path;
    if (first === undefined || second === undefined) return null;
    const bound = this.bound(first.text);
    const imported = bound === null ? this.alias(first.text) : undefined;
    if (this.found.name === first)
      return here(bound) ?? here(imported?.alias?.span) ?? this.plain(first.text);
    if (imported === undefined || this.found.name !== second) return null;
    return this.files.declared(imported, second.text, this.kinds())?.at ?? null;
  }

  /** The name of an argument of `use`: that of a parameter. */
  private parameter(): Definition | null {
    const use = this.found.parents[1];
    if (use === undefined || !('kind' in use) || use.kind !== 'use') return null;
    const [first, second] = use.template.path;
    const imported = second === undefined ? undefined : this.alias(first?.text ?? '');
    const target =
      imported !== undefined && second !== undefined
        ? this.files.declared(imported, second.text, ['template'])
        : this.declaration(first?.text ?? '', ['template']);
    if (target?.item.kind !== 'template') return null;
    const span = target.item.parameters.find((p) => p.name.text === this.found.name.text)?.name.span;
    return span === undefined ? null : { ...target.at, span };
  }

  /** What the name may mean where it stands. */
  private kinds(): Kinds {
    for (const node of this.found.parents) {
      if (!('kind' in node)) {
        const kinds = 'value' in node ? NAMED[node.name?.text ?? ''] : undefined;
        if (kinds !== undefined) return kinds;
      } else if (node.kind === 'use')
        return this.found.parents.includes(node.template) ? ['template'] : VALUES;
      else if (node.kind === 'extend') return ['table'];
      else if (node.kind === 'call' || node.kind === 'command') return OPERANDS[node.name.text] ?? VALUES;
      else if (node.kind === 'relation' && node.target.kind === 'name')
        return NAMED[node.target.path[0]?.text ?? ''] ?? VALUES;
    }
    return VALUES;
  }

  /** A parameter, or what a loop binds. */
  private bound(name: string): Span | null {
    for (const node of this.found.parents) {
      if (!('kind' in node)) continue;
      const names: readonly (Name | null)[] =
        node.kind === 'template'
          ? node.parameters.map((p) => p.name)
          : node.kind === 'for'
            ? [
                ...(node.binding.value.kind === 'name'
                  ? [node.binding.value.name]
                  : node.binding.value.names),
                node.binding.index,
              ]
            : [];
      const found = names.find((n) => n?.text === name);
      if (found != null) return found.span;
    }
    return null;
  }

  private declaration(name: string, kinds: Kinds): { item: Item; at: Definition } | null {
    const scopes = this.found.parents.flatMap((node) =>
      'kind' in node && node.kind === 'template' ? [node.items] : [],
    );
    for (const items of [...scopes, this.tree.items]) {
      const item = declaredIn(items, name, kinds);
      const at = item === null ? null : here(nameSpan(item));
      if (item !== null && at !== null) return { item, at };
    }
    for (const item of this.tree.items) {
      if (item.kind !== 'import' || item.alias !== null) continue;
      const found = this.files.declared(item, name, kinds);
      if (found !== null) return found;
    }
    return null;
  }

  private alias(name: string): ImportDecl | undefined {
    return this.tree.items.find((i): i is ImportDecl => i.kind === 'import' && i.alias?.text === name);
  }
}

function here(span: Span | null | undefined): Definition | null {
  return span == null ? null : { file: null, span };
}

function nameSpan(item: Item): Span | null {
  return 'name' in item && item.name !== null ? item.name.span : null;
}

/** Among declarations and those that loops and conditions make. */
function declaredIn(items: readonly Item[], name: string, kinds: Kinds): Item | null {
  for (const item of items) {
    if (kinds.includes(item.kind) && 'name' in item && item.kind !== 'test' && item.name?.text === name)
      return item;
    const inner =
      item.kind === 'for'
        ? item.items
        : item.kind === 'if'
          ? [...item.then, ...item.else]
          : item.kind === 'bridge'
            ? item.ports
            : [];
    const found = declaredIn(inner, name, kinds);
    if (found !== null) return found;
  }
  return null;
}
