/** The files of a program: each is read once, however often it is imported. */
import type { ImportDecl } from '../../grammar/ast.ts';
import type { GrammarError } from '../../grammar/errors.ts';
import { parse } from '../../grammar/parser.ts';
import * as codes from '../diagnostics/codes/expand-modules.ts';
import { duplicateName } from '../diagnostics/codes/program.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { SOURCES } from '../std/sources.ts';
import type { Module, Program, Sym } from './env.ts';
import { Env, labelAt, Scope } from './env.ts';
import { isPrivate } from './names.ts';
import { kindOfSymbol } from './show.ts';
import { reportMissing } from './missing.ts';
import type { FoundFile, SourceFile } from './types.ts';
import type { Place } from './values.ts';
import type { Walk } from './walk.ts';

interface Read {
  readonly module: Module;
  /** Its declarations are being read: who imports it now is imported by it. */
  busy: boolean;
}

export type OnSyntax = (errors: readonly GrammarError[], file: SourceFile, index: number) => void;

export class Modules {
  private readonly program: Program;
  private readonly walk: Walk;
  private readonly syntax: OnSyntax;
  private readonly read = new Map<string, Read>();
  /** The imports that have led to where we are, the outermost first. */
  private readonly stack: { readonly identity: string; readonly place: Place }[] = [];

  constructor(program: Program, walk: Walk, syntax: OnSyntax) {
    this.program = program;
    this.walk = walk;
    this.syntax = syntax;
  }

  /** Reads a file and all that it imports. */
  enter(module: Module, identity: string): void {
    const state: Read = { module, busy: true };
    this.read.set(identity, state);
    const env = new Env(
      module,
      { file: module.file, module: module.name, instance: '', chain: [] },
      null,
      module.scope,
    );
    const before: { readonly item: ImportDecl; readonly from: Module | null }[] = [];
    for (const item of module.tree.items)
      if (item.kind === 'import') before.push({ item, from: this.import(item, env) });
    for (const { item, from } of before) if (item.alias !== null) this.alias(item, from, env);
    // The names of the file itself come first: what is imported gives way to them, and is reported.
    this.walk.file(module.tree.items, env, () => {
      for (const { item, from } of before) if (item.alias === null && from !== null) bring(item, from, env);
    });
    state.busy = false;
  }

  private alias({ alias }: ImportDecl, module: Module | null, env: Env): void {
    if (alias === null || alias.text === '') return;
    const place = { file: env.file, span: alias.span };
    const earlier = env.module.scope.value.get(alias.text);
    if (earlier !== undefined) {
      if (earlier.kind === 'module' && earlier.module === module) return;
      env.report(duplicateName, { name: alias.text, what: kindOfSymbol(earlier) }, alias.span, {
        related: [labelAt(earlier.place, 'first declared here')],
      });
      return;
    }
    env.module.scope.value.set(alias.text, { kind: 'module', name: alias.text, place, module });
  }

  private import(item: ImportDecl, env: Env): Module | null {
    const found = this.find(item, env);
    if (found === null) {
      // Without `as` its names would stand alone: what is not found may be one of them.
      if (item.alias === null) env.module.scope.incomplete = true;
      return null;
    }
    const { identity } = found;
    const known = this.read.get(identity);
    const place = { file: env.file, span: item.path?.span ?? item.span };
    if (known !== undefined && !known.busy) return known.module;
    if (known !== undefined) {
      const from = this.stack.findIndex((s) => s.identity === identity);
      const related = this.stack.slice(from + 1).map((s) => labelAt(s.place, 'by way of this import'));
      env.report(codes.importCycle, { path: item.path?.value ?? '' }, place.span, { related });
      if (item.alias === null) env.module.scope.incomplete = true;
      return null;
    }
    const { files } = this.program;
    const index = files.push(found.file) - 1;
    const { tree, errors } = parse(found.file.text);
    this.syntax(errors, found.file, index);
    const module: Module = {
      file: index,
      path: found.file.path,
      name: found.module,
      tree,
      scope: new Scope(`${found.module}.`),
      program: this.program,
    };
    module.scope.broken = errors.length > 0;
    this.stack.push({ identity, place });
    this.enter(module, identity);
    this.stack.pop();
    return module;
  }

  private find({ path }: ImportDecl, env: Env): FoundFile | null {
    if (path === null) return null;
    if (path.parts !== undefined) return env.report(codes.interpolatedPath, { keyword: 'import' }, path.span);
    const wanted = path.value;
    if (wanted.startsWith('std/')) {
      const name = wanted.replace(/\.wbf$/, '');
      const text = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
      if (text !== undefined)
        return { kind: 'found', file: { path: name, text }, identity: `std:${name}`, module: name };
      const suggestion = nearest(name, Object.keys(SOURCES));
      return env.report(codes.unknownStandard, { path: wanted, suggestion }, path.span);
    }
    const { library } = this.program;
    if (library === null) return env.report(codes.noLibrary, { path: wanted }, path.span);
    const found = library.find(env.module.path, wanted);
    return found.kind === 'found' ? found : reportMissing(env, path.value, path.span, found, 'file');
  }
}

/** The names of a file that is imported without `as`. */
function bring(item: ImportDecl, from: Module, env: Env): void {
  const { scope } = env.module;
  if (from.scope.broken) scope.incomplete = true;
  for (const space of ['value', 'group', 'meter'] as const) {
    for (const [name, symbol] of from.scope[space]) {
      if (isPrivate(name) || symbol.kind === 'module' || symbol.place.file !== from.file) continue;
      const earlier = scope[space].get(name);
      if (earlier === undefined) scope[space].set(name, symbol);
      else if (earlier !== symbol) reportClash(item, name, earlier, symbol, env);
    }
  }
}

function reportClash({ path }: ImportDecl, name: string, earlier: Sym, symbol: Sym, env: Env): void {
  if (path === null) return;
  env.report(codes.importClash, { name, path: path.value }, path.span, {
    related: [
      labelAt(symbol.place, 'declared there'),
      labelAt(earlier.place, `${kindOfSymbol(earlier)} of this name is here already`),
    ],
    help: `import it under a name of its own: \`import ${JSON.stringify(path.value)} as …\``,
  });
}
