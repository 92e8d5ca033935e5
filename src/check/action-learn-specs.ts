/**
 * What a learned flow matches and does: the blocks of `learn`.
 *
 * The switch looks at the parts in their order. What is read from the packet must be in a packet that gets there; what
 * the learned flow matches or writes must go with the constants that it has matched before (seen on OVS 3.1.0).
 */
import type { Block, CommandStatement, Expr, NameExpr, RelationStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { oneValueOnly } from '../diagnostics/codes/sets.ts';
import { fieldWithoutValue, unknownProtocol } from '../diagnostics/codes/match.ts';
import { notAField } from '../diagnostics/codes/names.ts';
import type { LearnSource, LearnSpec } from '../ir/types.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import { valueName } from '../openflow/names.ts';
import { impliedTerms, isProtocolName, PROTOCOL_NAMES } from '../openflow/protocols.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { readArguments } from './action-args.ts';
import { fieldOf, subfieldRef, unequal } from './action-assign.ts';
import { LearnedFlow } from './action-learned.ts';
import type { ActionList } from './action-list.ts';
import { ones } from './domain.ts';
import { replaceFix } from './report.ts';
import { kindOf, showName, showTarget } from './show.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { ResolvedField } from './types.ts';
import { evaluateForField } from './values.ts';

/** The parts in the order of the text; null where one is in error. */
export function readSpecs(list: ActionList, block: Block): LearnSpec[] | null {
  const learned = new LearnedFlow(list);
  const specs: LearnSpec[] = [];
  let sound = !block.broken;
  const add = (spec: LearnSpec | readonly LearnSpec[] | null): void => {
    if (spec === null) {
      sound = false;
      list.fail();
    } else if ('kind' in spec) specs.push(spec);
    else specs.push(...spec);
  };
  for (const s of block.statements) {
    const kind = s.kind === 'command' ? s.name.text : '';
    if (s.kind !== 'command' || (kind !== 'match' && kind !== 'action') || s.block === null) {
      const what = s.kind === 'command' ? `\`${kind}\`` : 'this';
      add(kind === '' && s.kind === 'command' ? null : list.error(codes.notInLearn, { what }, s.span));
      continue;
    }
    if (s.block.broken || !readArguments(list, s, { block: 'required', form: `${kind} { … }` }).sound)
      add(null);
    for (const inner of s.block.statements) {
      if (inner.kind === 'relation') add(relation(list, learned, inner, kind));
      else if (kind === 'match') add(protocol(list, learned, inner));
      else if (inner.name.text !== 'drop') add(output(list, inner));
      else if (s.block.statements.length > 1) add(list.error(codes.dropWithCompany, {}, inner.span));
      else if (!readArguments(list, inner, { form: 'drop' }).sound) add(null);
    }
  }
  learned.finish();
  return sound ? specs : null;
}

/** `tcp`: the terms that it stands for, as constants. */
function protocol(
  list: ActionList,
  learned: LearnedFlow,
  { name, args, operand, block, span }: CommandStatement,
): LearnSpec[] | null {
  const word = name.text;
  if (word === '') return null;
  if (isProtocolName(word) && args === null && operand === null && block === null) {
    const specs: LearnSpec[] = [];
    for (const { field: implied, value } of impliedTerms(word)) {
      if (learned.says(implied, value)) continue;
      const target = { field: field(implied), subfield: null, node: nameExpr(name) };
      learned.matches(target, value);
      specs.push({
        kind: 'match',
        source: { kind: 'value', value },
        destination: subfieldRef(target),
      });
    }
    return specs;
  }
  if (fieldByName(word) !== undefined) {
    const instead = `${word} = pkt.${word}`;
    const bare = args === null && operand === null && block === null;
    return list.error(fieldWithoutValue, { name: word }, span, {
      help: `write \`${instead}\` for what the packet has in it`,
      fixes: bare ? [replaceFix(list.ctx, `Write \`${instead}\``, span, instead)] : [],
    });
  }
  const suggestion = nearest(word, PROTOCOL_NAMES);
  return list.error(unknownProtocol, { name: word, suggestion }, name.span, {
    fixes:
      suggestion === undefined
        ? []
        : [replaceFix(list.ctx, `Write \`${suggestion}\``, name.span, suggestion)],
  });
}

/** `output pkt.in_port` */
function output(list: ActionList, s: CommandStatement): LearnSpec | null {
  const { name } = s;
  if (name.text === '') return null;
  if (name.text !== 'output') return list.error(codes.notInLearn, { what: `\`${name.text}\`` }, s.span);
  const form = 'output pkt.FIELD';
  const args = readArguments(list, s, { values: ['port'], positional: 1, form });
  const expr = args.value('port');
  if (expr === undefined) {
    return args.sound
      ? list.error(codes.missingPart, { action: 'output', what: 'a field', form }, s.span)
      : null;
  }
  if (expr.kind === 'missing') return null;
  const node = ofPacket(expr);
  if (node === null) {
    const isField = expr.kind === 'name' && namesField(list, expr);
    if (isField) return withoutPkt(list, expr);
    return list.error(
      codes.unexpectedPart,
      { action: 'output', what: `${kindOf(expr)} in a learned flow`, form },
      expr.span,
    );
  }
  const source = sourceOf(list, node);
  return source === null || !args.sound ? null : { kind: 'output', source: subfieldRef(source) };
}

/** `field = value` and `field = pkt.field`, to be matched or to be written. */
function relation(
  list: ActionList,
  learned: LearnedFlow,
  s: RelationStatement,
  block: 'match' | 'action',
): LearnSpec | null {
  if (s.operator !== '=') {
    return block === 'match'
      ? list.error(oneValueOnly, { what: 'a learned flow matches' }, s.operatorSpan)
      : list.error(codes.notAnAssignment, { operator: s.operator }, s.operatorSpan);
  }
  if (s.target.kind === 'string') {
    return list.error(notAField, { name: JSON.stringify(s.target.value), kind: 'a text' }, s.target.span);
  }
  const target = fieldOf(list, s.target, learned.state);
  if (target === null || !shortNumber(list, target)) return null;
  const node = ofPacket(s.value);
  const source = node === null ? null : sourceOf(list, node);
  const value = node === null ? constant(list, target, s.value) : null;
  if (block === 'match') learned.matches(target, value);
  else learned.writes(target);
  const destination = subfieldRef(target);
  const kind = block === 'match' ? 'match' : 'load';
  if (source === null) return value === null ? null : { kind, source: { kind: 'value', value }, destination };
  const subfield = subfieldRef(source);
  if (subfield.bits !== destination.bits) return unequal(list, target, source);
  const from: LearnSource = { kind: 'field', subfield };
  return { kind, source: from, destination };
}

/** `pkt.field` without its first part; null where the expression is something else. */
function ofPacket(expr: Expr): NameExpr | null {
  if (expr.kind !== 'name') return null;
  const [first, ...rest] = expr.path;
  return first?.text === 'pkt' && rest.length > 0 ? { ...expr, path: rest } : null;
}

/** A field of the packet that is learned from. */
function sourceOf(list: ActionList, node: NameExpr): ResolvedField | null {
  const source = fieldOf(list, node);
  if (source === null) return null;
  list.needs(source.field.prerequisite, `\`pkt.${showTarget(source)}\``, node.span);
  return shortNumber(list, source) ? source : null;
}

/** The action has room for numbers of 32 bits only. */
function shortNumber(list: ActionList, { field: f, node }: ResolvedField): boolean {
  if (f.headers[0]?.experimenter === null) return true;
  list.error(codes.longFieldNumber, { field: f.name, action: 'learn' }, node.span);
  return false;
}

function namesField(list: ActionList, { path, subfield }: NameExpr): boolean {
  const word = path[0]?.text ?? '';
  if (path.length !== 1) return false;
  if (subfield !== null) return true;
  const symbol = list.ctx.scope.lookup(word);
  return symbol === undefined ? fieldByName(word) !== undefined : symbol.kind === 'register';
}

function withoutPkt(list: ActionList, expr: NameExpr): null {
  const name = showName(expr);
  return list.error(codes.withoutPkt, { name }, expr.span, {
    fixes: [replaceFix(list.ctx, `Write \`pkt.${name}\``, expr.span, `pkt.${name}`)],
  });
}

/** A constant, in the bits of its target. The switch does not look at its value. */
function constant(list: ActionList, target: ResolvedField, expr: Expr): bigint | null {
  if (expr.kind === 'missing') return list.fail();
  if (expr.kind === 'name' && namesField(list, expr)) {
    const known = target.subfield === null && valueName(target.field, expr.path[0]?.text ?? '') !== undefined;
    if (!known || expr.subfield !== null) return withoutPkt(list, expr);
  }
  const found = evaluateForField(list.ctx, expr, target, 'instruction');
  if (found === null) return list.fail();
  const whole = target.field.name === 'vlan_vid' && target.subfield === null;
  if (whole && (found.value & VLAN_PRESENT) === 0n) {
    const form = '`vlan_tci = 0` for packets without a tag';
    return list.error(codes.unexpectedPart, { action: 'learn', what: 'this', form }, expr.span);
  }
  const { offset, bits } = subfieldRef(target);
  const wanted = ones(bits) << BigInt(offset);
  if (found.mask !== null && (found.mask & wanted) !== wanted) {
    return list.error(codes.maskInLearn, { target: showTarget(target) }, expr.span);
  }
  return (found.value & wanted) >> BigInt(offset);
}

function nameExpr(name: CommandStatement['name']): NameExpr {
  return { kind: 'name', path: [name], subfield: null, span: name.span };
}
