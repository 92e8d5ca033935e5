/** From entries to the expanded program. */
import type { Block, Expr, FlowDecl, Name, PortDecl, TableDecl } from '../../grammar/ast.ts';
import { constantValue, isPlain } from './constants.ts';
import { nameOf } from './declare.ts';
import type { Entry, FlowEntry, OtherEntry } from './entries.ts';
import type { Env } from './env.ts';
import { all, isInProgram, rewrite } from './rewrite.ts';
import { rewriteAll, rewriteBlock } from './rewrite-blocks.ts';
import type { ExpandedFlow, ExpandedItem } from './types.ts';

/** Null where nothing is left of it. */
export function emit(entry: Entry): ExpandedItem | null {
  switch (entry.kind) {
    case 'flow':
      return emitFlow(entry);
    case 'table': {
      const { decl, env, name } = entry;
      const flows = entry.flows
        .map((flow) => (flow.kind === 'rows' ? flow.rows : emitFlow(flow)))
        .filter((flow) => flow !== null);
      return { kind: 'table', decl: table(decl, env, name), origin: env.origin, flows };
    }
    case 'other':
      return emitOther(entry);
  }
}

export function emitFlow({ decl, env }: FlowEntry): ExpandedFlow | null {
  // What is left when nothing may be made any more is not needed.
  if (env.fuel.empty) return null;
  const made = flow(decl, env);
  return made === null ? null : { kind: 'flow', decl: made, origin: env.origin };
}

/** The flow as one would have written it there; null where its name is in error, which has been reported. */
export function flow(decl: FlowDecl, env: Env): FlowDecl | null {
  const name = decl.name === null ? null : nameOf(decl.name, env, 'a flow');
  if (name === null && decl.name !== null) return null;
  const attributes = rewriteAll(decl.attributes, env);
  const matches = all(decl.matches, (b) => rewriteBlock(b, env, 'match'));
  const actions = all(decl.actions, (b) => rewriteBlock(b, env));
  if (
    name === decl.name &&
    attributes === decl.attributes &&
    matches === decl.matches &&
    actions === decl.actions
  )
    return decl;
  return { ...decl, name, attributes, matches, actions };
}

const maybe = (expr: Expr | null, env: Env): Expr | null => (expr === null ? null : rewrite(expr, env));
const body = (block: Block | null, env: Env): Block | null =>
  block === null ? null : rewriteBlock(block, env);

function table(decl: TableDecl, env: Env, name: Name): TableDecl {
  const value = maybe(decl.value, env);
  const attributes = rewriteAll(decl.attributes, env);
  // A declaration of its own for each instance: who looks for a table looks for it by this.
  return { ...decl, name, value, attributes, nested: [] };
}

function emitOther({ decl, env, name }: OtherEntry): ExpandedItem | null {
  const { origin } = env;
  const other = (changed: OtherEntry['decl']): ExpandedItem => ({ kind: 'other', decl: changed, origin });
  switch (decl.kind) {
    case 'const': {
      const symbol = env.symbol(name?.shown ?? name?.text ?? '');
      if (name === null || symbol?.kind !== 'const' || symbol.decl !== decl) {
        // Its name is taken: the checker says so.
        return name === null ? null : other({ ...decl, name, value: rewrite(decl.value, env) });
      }
      if (!isInProgram(symbol)) return null;
      if (isPlain(symbol)) return other({ ...decl, name, value: rewrite(decl.value, env) });
      const value = constantValue(symbol);
      const { span } = decl.value;
      const expr: Expr = value?.kind === 'literal' ? value.expr : { kind: 'missing', span };
      return other({ ...decl, name, value: expr });
    }
    case 'port':
      return name === null ? null : other(port(decl, env, name));
    case 'register': {
      if (name === null) return null;
      return other({ ...decl, name, value: maybe(decl.value, env), width: maybe(decl.width, env) });
    }
    case 'group':
    case 'meter':
      if (name === null) return null;
      return other({ ...decl, name, value: maybe(decl.value, env), body: body(decl.body, env) });
    case 'bridge': {
      const attributes = rewriteAll(decl.attributes, env);
      const ports = decl.ports.map((p) => port(p, env, portName(p, env)));
      return other({ ...decl, attributes, ports });
    }
    case 'tunnel_metadata':
    case 'program':
    case 'test':
      return other({ ...decl, body: body(decl.body, env) });
  }
}

function port(decl: PortDecl, env: Env, name: Name): PortDecl {
  return { ...decl, name, value: rewrite(decl.value, env), body: body(decl.body, env) };
}

function portName(decl: PortDecl, env: Env): Name {
  const made = nameOf(decl.name, env, 'a declaration') ?? decl.name;
  const symbol = env.symbol(made.text);
  if (symbol?.kind !== 'port' || symbol.unique === made.text) return made;
  return { ...made, text: symbol.unique, shown: made.text };
}
