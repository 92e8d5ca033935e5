/** `miss` of a table: what happens to packets that no flow of it matches. */
import type { Block, CallExpr, CommandStatement, FlowDecl, NameExpr, Statement } from '../../grammar/ast.ts';
import { badPropertyValue, noMiss } from '../diagnostics/codes/program.ts';
import { chained } from '../expand/origin.ts';
import type { Origin } from '../expand/types.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { FlowMod } from '../ir/types.ts';
import { checkActions } from './actions.ts';
import { FlowSink, readAllowance, reportUnneeded } from './allow.ts';
import { build, DEFAULTS } from './flow.ts';
import { insertFirst } from './layout.ts';
import { checkMatch } from './match.ts';
import { propertyName } from './properties.ts';
import { replaceFix, report, within } from './report.ts';
import type { FlowContext, Scope, TableSymbol } from './types.ts';

/** The statement that says it, however malformed. */
export function missOf(table: TableSymbol): Statement | undefined {
  return table.decl.attributes.find((s) => propertyName(s) === 'miss');
}

/** The flow that `miss = …` stands for: priority 0, every packet. Null where there is none or it is in error. */
export function lowerMiss(scope: Scope, table: TableSymbol, origin: Origin, sink: Sink): FlowMod | null {
  const statement = missOf(table);
  if (statement === undefined) return null;
  const counting = new FlowSink(chained(sink, origin));
  const action = missAction({ sink: counting, file: origin.file }, statement);
  if (action === null) return null;
  const { span } = statement;
  const everything: Block = {
    kind: 'block',
    keyword: null,
    statements: [],
    nested: [],
    broken: false,
    brace: span,
    span,
  };
  const flow: FlowDecl = {
    kind: 'flow',
    keyword: span,
    doc: null,
    name: null,
    attributes: [],
    matches: [everything],
    actions: [action],
    body: span,
    span,
  };
  const ctx: FlowContext = { scope, sink: counting, file: origin.file, table: table.number, flow };
  const match = checkMatch(ctx, everything);
  const instructions = checkActions(ctx, match, action);
  if (counting.failed || instructions === null || table.number === null) return null;
  const mod = build(scope, table, flow, origin, [], instructions, { ...DEFAULTS, priority: 0 });
  return { ...mod, name: `${table.name} miss` };
}

/** `miss = drop`, `miss = goto acl`, `miss = resubmit(,3)` or `miss { … }` as an action block; null where it is none of them. */
function missAction(ctx: { readonly sink: Sink; readonly file: number }, statement: Statement): Block | null {
  if (statement.kind === 'command') return statement.block;
  const { value, operator } = statement;
  if (operator !== '=' || value.kind === 'missing') return null;
  const command = value.kind === 'name' || value.kind === 'call' ? asCommand(value) : null;
  if (command !== null) {
    return {
      kind: 'block',
      keyword: null,
      statements: [command],
      nested: [],
      broken: false,
      brace: value.span,
      span: value.span,
    };
  }
  if (value.kind === 'set') {
    const span = { start: statement.target.span.end, end: value.span.start };
    const help = 'write `miss { … }`';
    const allowed = 'one action; several of them stand in a block';
    const fixes = [replaceFix(ctx, 'Leave out the `=`', span, ' ')];
    report(ctx, badPropertyValue, { name: 'miss', allowed }, value.span, { help, fixes });
    return null;
  }
  const allowed =
    'an action, such as `drop`, `controller` or `goto TABLE`; several of them stand in a block, `miss { … }`';
  report(ctx, badPropertyValue, { name: 'miss', allowed }, value.span);
  return null;
}

/** Actions that take their one value without parentheses, as the parser gives it for `miss = goto acl`. */
const WITH_OPERAND = /^(output|goto|group|meter|set_queue|push_vlan|push_mpls|pop_mpls|note|write_metadata)$/;

function asCommand(value: NameExpr | CallExpr): CommandStatement | null {
  const command = {
    kind: 'command',
    args: null,
    argsSpan: null,
    operand: null,
    block: null,
    span: value.span,
  } as const;
  if (value.kind === 'name') {
    const [name, ...rest] = value.path;
    return name === undefined || rest.length > 0 || value.subfield !== null ? null : { ...command, name };
  }
  const { name, args, span } = value;
  const [only, more] = args;
  if (only?.name === null && more === undefined && WITH_OPERAND.test(name.text)) {
    return { ...command, name, operand: only.value };
  }
  return { ...command, name, args, argsSpan: { start: name.span.end, end: span.end } };
}

/** Warns of a table in which nothing says what happens to the other packets, unless the table allows that. */
export function checkNoMiss(scope: Scope, table: TableSymbol, sink: Sink, lacksMiss: boolean): void {
  const ctx = within({ scope, sink, file: 0 }, table.origin);
  const allowance = readAllowance(ctx, table.decl);
  const allowing = new FlowSink(ctx.sink, allowance.codes);
  if (lacksMiss) reportNoMiss(scope, table, allowing);
  reportUnneeded(ctx, allowance, allowing);
}

function reportNoMiss(scope: Scope, table: TableSymbol, sink: Sink): void {
  const { decl, file, name } = table;
  // A body that was not written at all has been complained about.
  if (name === '' || decl.body.end - decl.body.start < 2) return;
  const brace = { start: decl.body.start, end: decl.body.start + 1 };
  const inside = [...decl.attributes, ...decl.flows].sort((a, b) => a.span.start - b.span.start);
  const fix = insertFirst({ sink, file, scope }, 'Add `miss = drop`', brace, inside, 'miss = drop');
  report({ sink, file }, noMiss, { name }, decl.name.span, {
    help: 'write `miss = drop`, or what else is meant',
    fixes: [fix],
  });
}
