/** Actions that direct the processing itself (ovs-actions(7), "Programming and control flow actions"). */
import type { Argument, CommandStatement, NameExpr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action } from '../ir/types.ts';
import { portTo16 } from '../openflow/ports.ts';
import { missing, readArguments } from './action-args.ts';
import { fieldOf, subfieldRef, tagFor, writable, written } from './action-assign.ts';
import type { ActionList } from './action-list.ts';
import { replaceFix } from './report.ts';
import { kindOf, showExpr, showTarget } from './show.ts';
import type { ResolvedField } from './types.ts';
import { evaluateDuration, evaluateInt, evaluatePort, evaluateTable } from './values.ts';

const IN_PORT = 0xfffffff8;

/** `resubmit(port, table)`, `resubmit(,table)`, `resubmit(port)`, with `ct` behind the table. */
export function resubmit(list: ActionList, s: CommandStatement): Action | null {
  const form = 'resubmit(PORT, TABLE), resubmit(,TABLE) or resubmit(PORT)';
  const args = readArguments(list, s, {
    values: ['port', 'table'],
    positional: 2,
    flags: ['ct'],
    holes: true,
    form,
  });
  const portExpr = args.value('port');
  const tableExpr = args.value('table');
  const port =
    portExpr === undefined ? undefined : (evaluatePort(list.ctx, portExpr, 'write') ?? list.fail());
  const table = tableExpr === undefined ? undefined : (evaluateTable(list.ctx, tableExpr) ?? list.fail());
  const ct = args.flag('ct');
  if (ct !== undefined) list.needs('CT', '`resubmit` with `ct`', ct);
  if (!args.sound || port === null || table === null) return null;
  if (port === undefined && table === undefined) {
    return list.error(codes.missingPart, { action: 'resubmit', what: 'a port or a table', form }, s.span);
  }
  return {
    kind: 'resubmit',
    port: port === undefined || port === IN_PORT ? null : (portTo16(port) ?? null),
    table: table ?? null,
    ct: ct !== undefined,
  };
}

function operandField(list: ActionList, s: CommandStatement): ResolvedField | null {
  const form = `${s.name.text} FIELD or ${s.name.text} FIELD[a..b]`;
  const args = readArguments(list, s, { values: ['field'], positional: 1, form });
  const expr = args.value('field');
  if (expr === undefined) return args.sound ? missing(list, s, 'a field', form) : null;
  if (expr.kind === 'missing') return list.fail();
  if (expr.kind !== 'name') {
    return list.error(codes.unexpectedPart, { action: s.name.text, what: kindOf(expr), form }, expr.span);
  }
  const field = fieldOf(list, expr satisfies NameExpr);
  return args.sound ? field : null;
}

/** `push reg0[0..15]` */
export function push(list: ActionList, s: CommandStatement): Action | null {
  const source = operandField(list, s);
  if (source === null) return null;
  list.needs(source.field.prerequisite, `\`${showTarget(source)}\``, source.node.span);
  return { kind: 'push', source: subfieldRef(source) };
}

/** `pop reg0[0..15]` */
export function pop(list: ActionList, s: CommandStatement): Action | null {
  const target = operandField(list, s);
  if (target === null || !writable(list, target, 'result')) return null;
  list.needs(target.field.prerequisite, `\`${showTarget(target)}\``, target.node.span);
  tagFor(list, target);
  written(list, target.field);
  return { kind: 'pop', destination: subfieldRef(target) };
}

/** `fin_timeout(idle_timeout = 5s, hard_timeout = 10s)` */
export function finTimeout(list: ActionList, s: CommandStatement): Action | null {
  const form = 'fin_timeout(idle_timeout = SECONDS, hard_timeout = SECONDS)';
  const args = readArguments(list, s, { values: ['idle_timeout', 'hard_timeout'], form });
  list.needs('TCP', '`fin_timeout`', s.name.span, { soft: true, ignoring: { laterFragment: false } });
  const seconds = (name: string): number | null | undefined => {
    const expr = args.value(name);
    if (expr === undefined) return undefined;
    return evaluateDuration(list.ctx, expr, { what: name, min: 0n, max: 0xffffn }) ?? list.fail();
  };
  const idle = seconds('idle_timeout');
  const hard = seconds('hard_timeout');
  if (!args.sound || idle === null || hard === null) return null;
  if (idle === undefined && hard === undefined) return missing(list, s, 'a timeout', form);
  return { kind: 'fin_timeout', idle: idle ?? 0, hard: hard ?? 0 };
}

/** The switch has a bit for each clause. */
const MAX_CLAUSES = 64n;

/** `conjunction(id = 10, clause = 1, clauses = 2)` is one mistake. Undefined where it is something else. */
function clausesApart(list: ActionList, s: CommandStatement): null | undefined {
  const [id, k, n, ...more] = s.args ?? [];
  if (id === undefined || k === undefined || n === undefined || more.length > 0) return undefined;
  const named = ([arg, name]: readonly [Argument, string]): boolean =>
    (arg.name === null || arg.name.text === name) && arg.value.kind === 'int';
  const parts: readonly (readonly [Argument, string])[] = [
    [id, 'id'],
    [k, 'clause'],
    [n, 'clauses'],
  ];
  if (!parts.every(named)) return undefined;
  const [a, b, c] = parts.map(([arg]) => showExpr(arg.value));
  const instead = `conjunction(${a}, ${b}/${c})`;
  const whole = { start: s.name.span.start, end: s.span.end };
  return list.error(
    codes.badClause,
    { why: 'it is written `k/n`' },
    { start: k.span.start, end: n.span.end },
    {
      help: `write \`${instead}\``,
      fixes: s.block === null ? [replaceFix(list.ctx, `Write \`${instead}\``, whole, instead)] : [],
    },
  );
}

/** `conjunction(10, 1/2)`: this flow is clause 1 of the 2 of conjunction 10. */
export function conjunction(list: ActionList, s: CommandStatement): Action | null {
  const form = 'conjunction(ID, CLAUSE/CLAUSES)';
  const apart = clausesApart(list, s);
  if (apart !== undefined) return apart;
  const args = readArguments(list, s, { values: ['id', 'clause'], positional: 2, form });
  const idExpr = args.value('id');
  const clauseExpr = args.value('clause');
  if (idExpr === undefined || clauseExpr === undefined) {
    return args.sound ? missing(list, s, idExpr === undefined ? 'an id' : 'a clause', form) : null;
  }
  const id =
    evaluateInt(list.ctx, idExpr, { what: 'the id of a conjunction', min: 0n, max: 0xffffffffn }) ??
    list.fail();
  if (clauseExpr.kind === 'missing') return list.fail();
  if (clauseExpr.kind !== 'masked') {
    return list.error(codes.badClause, { why: 'it is written `k/n`' }, clauseExpr.span);
  }
  const anyNumber = { min: 0n, max: 0xffffffffn };
  const k = evaluateInt(list.ctx, clauseExpr.value, { what: 'the clause', ...anyNumber });
  const n = evaluateInt(list.ctx, clauseExpr.mask, { what: 'the number of clauses', ...anyNumber });
  if (k === null || n === null) return list.fail();
  const why =
    n < 2n
      ? 'a conjunction has at least 2 clauses'
      : n > MAX_CLAUSES
        ? `a conjunction has at most ${MAX_CLAUSES} clauses`
        : k < 1n
          ? 'clauses are counted from 1'
          : k > n
            ? `there are only ${n}`
            : null;
  if (why !== null) return list.error(codes.badClause, { why }, clauseExpr.span);
  if (id === null || !args.sound) return null;
  return { kind: 'conjunction', id: Number(id), clause: Number(k), clauses: Number(n) };
}
