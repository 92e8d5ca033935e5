/** `field = value` and `field = field`: set_field and move (ovs-actions(7), "Field modification actions"). */
import type { CallExpr, Expr, NameExpr, RelationStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { noTlvMap } from '../diagnostics/codes/match.ts';
import { notAField, notLowerCase, unknownName } from '../diagnostics/codes/names.ts';
import type { Action, SubfieldRef } from '../ir/types.ts';
import { fieldByName, FIELDS } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { valueName, valueNames } from '../openflow/names.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isGenericName } from '../openflow/protocols.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { bareWord } from './action-args.ts';
import type { ActionList } from './action-list.ts';
import { replaceFix } from './report.ts';
import { showName, showTarget } from './show.ts';
import { setVlanPresent } from './state.ts';
import type { PacketState } from './state.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { isUnmapped } from './tunnel-metadata.ts';
import type { ResolvedField } from './types.ts';
import { evaluateForField, resolveField } from './values.ts';

/** `call` checks an action that gives a value: `reg0[0] = check_pkt_larger(1500)`. */
export function assign(
  list: ActionList,
  s: RelationStatement,
  call: (list: ActionList, target: ResolvedField, value: CallExpr) => Action | null,
): Action | null {
  if (s.operator !== '=') {
    return list.error(codes.notAnAssignment, { operator: s.operator }, s.operatorSpan);
  }
  if (s.target.kind === 'string') {
    return list.error(notAField, { name: JSON.stringify(s.target.value), kind: 'a text' }, s.target.span);
  }
  const target = fieldOf(list, s.target);
  if (target === null || !writable(list, target, s.value.kind === 'call' ? 'result' : 'write')) return null;
  if (s.value.kind === 'call') return call(list, target, s.value);
  if (s.value.kind === 'name') {
    const source = meaning(list, s.value, target);
    if (source === null) return null;
    if (source !== 'value') return move(list, target, source);
  }
  return setField(list, target, s);
}

/**
 * The field that a name means here, or in a packet of the given state; null when there is none, or when it is not known
 * what the name means.
 */
export function fieldOf(list: ActionList, node: NameExpr, state?: PacketState): ResolvedField | null {
  // What `nw_src` means depends on the match, whose mistakes have been reported.
  if (state === undefined && !list.known && isGenericName(node.path[0]?.text ?? '')) return list.fail();
  const found = resolveField(list.ctx, node, state ?? list.state, 'action');
  if (found === null) return list.fail();
  return usable(list, found) ? found : null;
}

/** The bits that a resolved name stands for. */
export function subfieldRef({ field, subfield }: ResolvedField): SubfieldRef {
  return subfield ?? { field: field.name, offset: 0, bits: field.bits };
}

const SUCCESSORS: Readonly<Partial<Record<Field['name'], Field['name']>>> = {
  dl_vlan: 'vlan_vid',
  dl_vlan_pcp: 'vlan_pcp',
};

/** Can a message name the field at all? */
function usable(list: ActionList, { field, node }: ResolvedField): boolean {
  if (isUnmapped(list.ctx, field)) {
    list.error(noTlvMap, { field: field.name }, node.span);
    return false;
  }
  if (field.headers.length > 0) return true;
  const instead = SUCCESSORS[field.name];
  const span = node.path[0]?.span ?? node.span;
  list.error(codes.fieldWithoutHeader, { field: field.name, instead }, span, {
    notes:
      instead === undefined ? [] : ['ovs-ofctl does not refuse to write it: it writes `in_port` instead'],
    fixes: instead === undefined ? [] : [replaceFix(list.ctx, `Write \`${instead}\``, span, instead)],
  });
  return false;
}

function isCtField({ name }: Field): boolean {
  return name === 'ct_mark' || name === 'ct_label';
}

/**
 * May the field be written where the list stands? The switch takes a `pop` or the result of an action into a field of
 * the connection, and anything in an action set.
 */
export function writable(
  list: ActionList,
  target: ResolvedField,
  how: 'write' | 'result' = 'write',
): boolean {
  const { field, node } = target;
  const name = showTarget(target);
  if (!field.writable) {
    list.error(codes.readOnly, { field: name }, node.span);
    return false;
  }
  if (list.level === 'exec') {
    if (isCtField(field)) return true;
    list.error(codes.notInCt, { what: `a write to \`${name}\`` }, node.span);
    return false;
  }
  if (!isCtField(field)) return true;
  if (how === 'result' || list.level === 'write')
    return !list.refuses(codes.ctFieldLost, { field: name }, node.span);
  list.error(codes.ctFieldOutside, { field: name }, node.span);
  return false;
}

/** Does a name on the right stand for a value or for a field? null when for neither, which is then reported. */
function meaning(list: ActionList, node: NameExpr, target: ResolvedField): 'value' | ResolvedField | null {
  const { ctx } = list;
  const [first, ...rest] = node.path;
  if (first === undefined || first.text === '') return list.fail();
  const word = first.text;
  if (node.subfield !== null || rest.length > 0) return fieldOf(list, node);
  if (target.subfield === null) {
    if (valueName(target.field, word) !== undefined) return 'value';
    if (target.field.name.startsWith('in_port') && reservedPort(word) !== undefined) return 'value';
  }
  const symbol = ctx.scope.lookup(word);
  if (symbol !== undefined) return symbol.kind === 'register' ? fieldOf(list, node) : 'value';
  if (fieldByName(word) !== undefined) return fieldOf(list, node);
  return unknown(list, node, word, target);
}

function unknown(list: ActionList, node: NameExpr, word: string, target: ResolvedField): null {
  const { ctx } = list;
  const values = target.subfield === null ? valueNames(target.field) : [];
  const candidates = [
    ...values,
    ...ctx.scope.consts.map((c) => c.name),
    ...ctx.scope.ports.map((p) => p.name),
    ...ctx.scope.registers.map((r) => r.name),
    ...FIELDS.flatMap((f) => [f.name, ...f.aliases]),
  ];
  const correct = word.toLowerCase();
  if (correct !== word && candidates.includes(correct)) {
    return list.error(notLowerCase, { name: word, correct }, node.span, {
      fixes: [replaceFix(ctx, `Write \`${correct}\``, node.span, correct)],
    });
  }
  const what =
    values.length > 0 ? `value of \`${showTarget(target)}\`, constant or field` : 'constant or field';
  const suggestion = nearest(word, candidates);
  return list.error(unknownName, { name: word, what, suggestion }, node.span, {
    fixes:
      suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, node.span, suggestion)],
  });
}

function setField(list: ActionList, target: ResolvedField, s: RelationStatement): Action | null {
  const { field, node } = target;
  const name = showTarget(target);
  if (field.name === 'in_port_oxm') {
    const span = node.path[0]?.span ?? node.span;
    return list.error(codes.constantIntoInPortOxm, {}, span, {
      fixes: target.subfield === null ? [replaceFix(list.ctx, 'Write `in_port`', span, 'in_port')] : [],
    });
  }
  const value = evaluateForField(list.ctx, s.value, target, 'set');
  // A write of vlan_vid changes a tag, it does not add one (seen on OVS 3.1.0). `none` never asks for a tag.
  if (!removesTag(field, s.value)) {
    list.needs(field.name === 'vlan_vid' ? 'VLAN VID' : field.prerequisite, `\`${name}\``, node.span);
  }
  written(list, field);
  if (value === null) {
    if (field.name === 'vlan_tci' || removesTag(field, s.value)) list.forgetTag();
    return list.fail();
  }
  const { version } = list.ctx.scope;
  if (field.name === 'vlan_vid' && value.mask !== null && version !== '1.5') {
    list.warn(codes.tagBitsUnreadable, { field: name, version }, node.span);
  }
  if (value.mask === 0n) list.warn(codes.writesNothing, { field: name }, s.value.span);
  if (field.name === 'vlan_tci') {
    // The switch looks at the bit of the value, whatever the mask (seen on OVS 3.1.0).
    const present = (value.value & VLAN_PRESENT) !== 0n;
    const effect = present
      ? 'the packet has a tag'
      : 'the packet counts as untagged: the value lacks bit 0x1000';
    list.change(`${name} = …`, effect, s.span, (state) => setVlanPresent(state, present));
  }
  return { kind: 'set_field', field: field.name, value: value.value, mask: value.mask };
}

/** `vlan_vid = none`, which is complained about as such. */
function removesTag(field: Field, value: Expr): boolean {
  return field.name === 'vlan_vid' && bareWord(value) === 'none';
}

/** What no longer holds when a field has been written. */
export function written(list: ActionList, field: Field): void {
  if (field.name === 'in_port' || field.name === 'in_port_oxm') list.inPort = null;
}

function move(list: ActionList, target: ResolvedField, source: ResolvedField): Action | null {
  const to = subfieldRef(target);
  const from = subfieldRef(source);
  list.needs(source.field.prerequisite, `\`${showTarget(source)}\``, source.node.span);
  list.needs(target.field.prerequisite, `\`${showTarget(target)}\``, target.node.span);
  tagFor(list, target);
  written(list, target.field);
  return to.bits === from.bits
    ? { kind: 'move', source: from, destination: to }
    : unequal(list, target, source);
}

/** Says that a copy does not have as many bits on either side. */
export function unequal(list: ActionList, target: ResolvedField, source: ResolvedField): null {
  const to = subfieldRef(target);
  const from = subfieldRef(source);
  const lower = `${showName(target.node)}[0..${from.bits - 1}]`;
  const sliceable = to.bits > from.bits && target.node.subfield === null;
  return list.error(
    codes.unequalMove,
    { source: showTarget(source), from: from.bits, target: showTarget(target), to: to.bits },
    source.node.span,
    {
      related: [
        {
          file: list.ctx.file,
          start: target.node.span.start,
          end: target.node.span.end,
          message: `${to.bits} bit${to.bits === 1 ? '' : 's'}`,
        },
      ],
      label: `${from.bits} bit${from.bits === 1 ? '' : 's'}`,
      fixes: sliceable ? [replaceFix(list.ctx, `Write to \`${lower}\``, target.node.span, lower)] : [],
    },
  );
}

/** The switch takes a move or pop into vlan_vid of an untagged packet, and then nothing comes of it. */
export function tagFor(list: ActionList, target: ResolvedField): void {
  if (target.field.name !== 'vlan_vid' || !list.tagKnown || !list.judged || list.state.vlan[0]) return;
  list.warn(codes.vlanWithoutTag, { field: showTarget(target) }, target.node.span, {
    help: 'push a tag first with `push_vlan 0x8100`, or add `vlan_tci = 0x1000/0x1000` to the match',
  });
}
