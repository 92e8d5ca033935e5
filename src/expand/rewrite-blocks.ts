/** Statements and blocks of the expanded program. */
import type {
  Block,
  CommandStatement,
  NameExpr,
  RelationStatement,
  Statement,
  StatementMaker,
} from '../../grammar/ast.ts';
import { outOfFuel } from '../diagnostics/codes/expand-templates.ts';
import { notAField } from '../diagnostics/codes/names.ts';
import { fieldByName } from '../openflow/fields.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import type { Env, Space } from './env.ts';
import { evaluateCondition, interpolated } from './evaluate.ts';
import { bind, open } from './loop.ts';
import type { Opened } from './loop.ts';
import { FILE, isIncomplete, reportUnknown, resolve } from './names.ts';
import { placed } from './placing.ts';
import { all, rewrite, rewriteArgs, rewriteSubfield, shownPath, uniquely } from './rewrite.ts';
import { kindOf, kindOfSymbol } from './show.ts';

/** Is a block a match, whose bare words are protocols, or an action or a list of properties, where they are not? */
type In = 'match' | 'other';

const SPACES: Readonly<Record<string, Space>> = {
  group: 'group',
  watch_group: 'group',
  meter: 'meter',
};

/** Properties whose values are words of their own, never names: `port vxlan = 1 { type = vxlan }`. */
const WORD_PROPERTIES: ReadonlySet<string> = new Set([
  'type',
  'datapath',
  'fail_mode',
  'selection_method',
  'unit',
  'expand',
  'masks',
]);

/** The block as it is in the expanded program; the same one where nothing changes. */
export function rewriteBlock(block: Block, env: Env, within: In = 'other'): Block {
  const inside = block.keyword === null ? within : block.keyword.text === 'match' ? 'match' : 'other';
  if (block.nested.length === 0) {
    const statements = rewriteAll(block.statements, env, inside);
    return statements === block.statements ? block : { ...block, statements };
  }
  const statements: Statement[] = [];
  const sound = unroll(block, env, inside, statements);
  return { ...block, statements, nested: [], broken: block.broken || !sound };
}

/** Statements without `for` and `if` among them. */
export function rewriteAll(
  statements: readonly Statement[],
  env: Env,
  inside: In = 'other',
): readonly Statement[] {
  const made = all(statements, (s) => rewriteStatement(s, env, inside) ?? GONE);
  return made === statements ? statements : made.filter((s) => s !== GONE);
}

const NOWHERE = { start: 0, end: 0 };
/** In the place of a statement in error. */
const GONE: Statement = {
  kind: 'command',
  name: { text: '', span: NOWHERE },
  args: null,
  argsSpan: null,
  operand: null,
  block: null,
  span: NOWHERE,
};

/** False where something is missing of it, which has been reported. */
function unroll(block: Block, env: Env, inside: In, into: Statement[]): boolean {
  const { statements, nested } = block;
  let sound = true;
  let i = 0;
  for (const maker of nested) {
    for (; i < statements.length && (statements[i]?.span.start ?? 0) < maker.span.start; i++)
      sound = one(statements[i], env, inside, into) && sound;
    sound = made(maker, env, inside, into) && sound;
  }
  for (; i < statements.length; i++) sound = one(statements[i], env, inside, into) && sound;
  return sound;
}

function one(statement: Statement | undefined, env: Env, inside: In, into: Statement[]): boolean {
  if (statement === undefined || !env.fuel.take()) return true;
  const rewritten = rewriteStatement(statement, env, inside);
  if (rewritten === null) return false;
  into.push(rewritten);
  return true;
}

function made(maker: StatementMaker, env: Env, inside: In, into: Statement[]): boolean {
  if (maker.kind === 'if') {
    const holds = evaluateCondition(maker.condition, env);
    if (holds === null) return false;
    const branch = holds ? maker.then : maker.else;
    return branch === null || (unroll(branch, env, inside, into) && !branch.broken);
  }
  const opened = open(maker, env);
  if (opened === null) return false;
  const consumer = consumerOf(opened, env);
  return env.fuel.during(consumer, () => {
    let sound = !maker.body.broken;
    for (let i = 0; BigInt(i) < opened.elements.length; i++) {
      consumer.rounds++;
      if (!env.fuel.take()) return false;
      const bindings = bind(opened, opened.elements.at(i), i, env);
      if (bindings === null) return false;
      sound = unroll(maker.body, env.with(bindings), inside, into) && sound;
    }
    return sound;
  });
}

/** Null where it is in error, which has been reported. */
function rewriteStatement(statement: Statement, env: Env, inside: In): Statement | null {
  return statement.kind === 'relation' ? relation(statement, env, inside) : command(statement, env, inside);
}

function relation(statement: RelationStatement, env: Env, inside: In): RelationStatement | null {
  const target = targetOf(statement.target, env, inside);
  if (target === null) return null;
  const word = target.kind === 'name' && target.path.length === 1 ? (target.path[0]?.text ?? '') : '';
  const value = rewrite(statement.value, env, {
    space: SPACES[word] ?? 'value',
    field: word === '' ? undefined : fieldByName(word),
    protocols: word === 'protocol',
    texts: inside === 'match',
    words: WORD_PROPERTIES.has(word) && env.symbol(word)?.kind !== 'register',
  });
  if (target === statement.target && value === statement.value) return statement;
  return { ...statement, target, value };
}

function targetOf(
  target: RelationStatement['target'],
  env: Env,
  inside: In,
): RelationStatement['target'] | null {
  if (target.kind === 'string') {
    if (target.parts === undefined) return target;
    const value = interpolated(target, env);
    return value === null ? null : { kind: 'string', value, span: target.span };
  }
  const [first, second] = target.path;
  if (first === undefined) return target;
  const subfield = rewriteSubfield(target, env);
  const node: NameExpr = subfield === target.subfield ? target : { ...target, subfield };
  if (second === undefined && fieldByName(first.text) !== undefined) return node;
  if (first.text === 'pkt' || (second === undefined && first.text === 'protocol')) return node;
  const meaning = resolve(env, target.path);
  switch (meaning.kind) {
    case 'reported':
      return null;
    case 'unknown':
      if (second !== undefined) return reportUnknown(env, first, FILE);
      // A property, or a mistake that the checker finds words for.
      return isIncomplete(env) && inside === 'match' ? null : node;
    case 'symbol':
      if (meaning.symbol.kind === 'register') return uniquely(node, meaning.symbol.unique);
      // `group`, `meter` and the like: properties have names of their own.
      if (second === undefined) return node;
      env.report(notAField, { name: shownPath(node), kind: kindOfSymbol(meaning.symbol) }, node.span);
      return null;
    case 'value': {
      if (inside === 'other' && second === undefined && meaning.value.kind !== 'literal') return node;
      const value = placed(meaning.value, node.span, shownPath(node), env.file);
      if (value.kind === 'name') return { ...value, subfield: node.subfield ?? value.subfield };
      env.report(notAField, { name: shownPath(node), kind: kindOf(meaning.value) }, node.span);
      return null;
    }
  }
}

function command(statement: CommandStatement, env: Env, inside: In): CommandStatement | null {
  const { args, operand, block } = statement;
  const name =
    inside === 'match' && args === null && operand === null && block === null
      ? word(statement, env)
      : statement.name;
  if (name === null) return null;
  const where = { space: SPACES[name.text] ?? 'value', texts: true };
  const newArgs = args === null ? null : rewriteArgs(args, env, where);
  const newOperand = operand === null ? null : rewrite(operand, env, where);
  const newBlock = block === null ? null : rewriteBlock(block, env, inside);
  if (name === statement.name && newArgs === args && newOperand === operand && newBlock === block)
    return statement;
  return { ...statement, name, args: newArgs, operand: newOperand, block: newBlock };
}

/** A bare word in a match: a protocol, or what is bound to one. */
function word({ name }: CommandStatement, env: Env): CommandStatement['name'] | null {
  const { text, span } = name;
  if (isProtocolName(text)) return name;
  const path = text.includes('.') ? text.split('.').map((part) => ({ text: part, span })) : [name];
  const meaning = resolve(env, path);
  if (meaning.kind === 'reported') return null;
  if (meaning.kind === 'unknown') {
    const [first, second] = path;
    if (first !== undefined && second !== undefined)
      return reportUnknown(env, first, 'record, parameter or imported file');
    return name;
  }
  if (meaning.kind === 'symbol') return name;
  const value = placed(meaning.value, span, text, env.file);
  if (value.kind === 'missing') return null;
  const protocol = value.kind === 'name' && value.path.length === 1 ? value.path[0]?.text : undefined;
  if (protocol !== undefined && isProtocolName(protocol)) return { text: protocol, span, shown: text };
  env.report(notAField, { name: text, kind: kindOf(meaning.value) }, span);
  return null;
}

/** Who is to blame for what a loop makes. */
export function consumerOf(
  { loop }: Opened,
  env: Env,
): { what: string; rounds: number; blame: (what: string) => void } {
  const { value } = loop.binding;
  const name = value.kind === 'name' ? value.name.text : `{${value.names.map((n) => n.text).join(', ')}}`;
  return {
    what: `the loop over \`${name}\``,
    rounds: 0,
    blame: (what) => {
      env.report(outOfFuel, { what, steps: env.fuel.limit }, loop.keyword);
    },
  };
}
