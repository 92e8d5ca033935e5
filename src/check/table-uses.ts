/** Where a program refers to tables: read from the tree, since tables are numbered before any flow is looked at. */
import type {
  Argument,
  Block,
  CommandStatement,
  Expr,
  FlowDecl,
  GroupDecl,
  Statement,
} from '../../grammar/ast.ts';

/** How a packet gets from one table to another. Only `goto` must lead to a higher number. */
export type TableUseKind = 'goto' | 'resubmit' | 'ct' | 'learn';

export interface TableUse {
  readonly kind: TableUseKind;
  /** The name or number of the table, as it is written. */
  readonly target: Expr;
}

/** All uses in the actions of a flow. */
export function usesOfFlow({ actions }: FlowDecl): TableUse[] {
  const found: TableUse[] = [];
  for (const block of actions) inBlock(block, found);
  return found;
}

/** All uses in the attributes of a table: those of its `miss`. */
export function usesOfStatements(statements: readonly Statement[]): TableUse[] {
  const found: TableUse[] = [];
  for (const statement of statements) inStatement(statement, found);
  return found;
}

/** All uses in the buckets of a group. */
export function usesOfGroup({ body }: GroupDecl): TableUse[] {
  const found: TableUse[] = [];
  if (body !== null) inBlock(body, found);
  return found;
}

/** The groups that a flow, a `miss` or another group sends packets to: names and numbers as they are written. */
export function groupsIn(blocks: readonly Block[]): Expr[] {
  const found: Expr[] = [];
  const visit = (statement: Statement): void => {
    if (statement.kind === 'relation') {
      const { value } = statement;
      if (value.kind === 'call' && value.name.text === 'group') found.push(...value.args.map((a) => a.value));
      return;
    }
    const { name, operand, args, block } = statement;
    if (name.text === 'group') {
      if (operand !== null) found.push(operand);
      if (args !== null) found.push(...args.map((a) => a.value));
    }
    block?.statements.forEach(visit);
  };
  for (const block of blocks) block.statements.forEach(visit);
  return found;
}

function inBlock({ statements }: Block, found: TableUse[]): void {
  for (const statement of statements) inStatement(statement, found);
}

function inStatement(statement: Statement, found: TableUse[]): void {
  if (statement.kind === 'command') {
    inCommand(statement, found);
    return;
  }
  // `miss = goto acl` is read as a call.
  const { value } = statement;
  if (value.kind === 'call') inCall(value.name.text, value.args, null, found);
}

function inCommand({ name, args, operand, block }: CommandStatement, found: TableUse[]): void {
  inCall(name.text, args ?? [], operand, found);
  if (block !== null) inBlock(block, found);
}

function inCall(name: string, args: readonly Argument[], operand: Expr | null, found: TableUse[]): void {
  const named = args.find((a) => a.name?.text === 'table')?.value;
  const positional = (index: number): Expr | undefined => {
    const arg = args[index];
    return arg?.name === null ? arg.value : undefined;
  };
  const add = (kind: TableUseKind, target: Expr | null | undefined): void => {
    if (target !== null && target !== undefined && target.kind !== 'missing') found.push({ kind, target });
  };
  switch (name) {
    case 'goto':
      add('goto', operand ?? named ?? positional(0));
      break;
    case 'resubmit':
      add('resubmit', named ?? positional(1));
      break;
    case 'ct':
      add('ct', named);
      break;
    case 'learn':
      add('learn', named);
      break;
    default:
  }
}
