/** From one flow that has been read to a template for all that have its shape; another one tells whether it is right. */
import type { Action, Instructions } from '../../ir/types.ts';
import type { Field } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import { ipv4Text, macText } from '../../emit/text/values.ts';
import { decides, portsIn } from '../alike.ts';
import { formOf } from '../print/match.ts';
import type { FlowParts } from '../print/flow.ts';
import type { Node } from '../print/layout.ts';
import { inline, render, WIDTH } from '../print/layout.ts';
import type { PrintNames } from '../print/names.ts';
import { portName } from '../print/names.ts';
import { knownNames } from '../print/values.ts';
import type { Memory } from '../read/memory.ts';
import type { ReadFlow } from '../read/types.ts';
import { actionsAt, actionTokens, holeIn, isGeneric, mostOf, ROLE } from './roles.ts';
import type { Skeleton } from './skeleton.ts';
import { HOLE } from './skeleton.ts';
import type { Piece } from './layout.ts';
import { textPiece } from './layout.ts';
import type { Rule } from './rules.ts';
import { largest, rule, SAFE } from './rules.ts';
import type { ActionPart } from './template.ts';
import { Template } from './template.ts';

/** A flow, and everything that has been found out about it. */
export interface Lesson {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly skeleton: Skeleton;
  readonly roles: Uint8Array;
  readonly read: ReadFlow;
  readonly memory: Memory;
  readonly parts: FlowParts;
  readonly names: PrintNames;
}

/** These have roles of their own in the list, and are not among the actions of the flow. */
const INSTRUCTIONS = new Set(['goto_table', 'write_metadata', 'clear_actions', 'write_actions', 'drop', '']);

const FIRST_RESERVED = 0xff00;
const CLOSING = 0x5d;
const LAST_PRIORITY = 0xffff;
const LAST_GROUP = 0xffffff00;

/** The template; or the holes of which it turned out that they must not vary. */
export function learn(lesson: Lesson): Template | readonly number[] {
  return new Learner(lesson).learn();
}

class Learner {
  private readonly lesson: Lesson;
  private readonly rules: Rule[] = [];
  /** Holes that have found their place. */
  private readonly placed = new Set<number>();
  private readonly refused = new Set<number>();
  private inPort = -1;
  private fixedInPort = -1;
  private readonly outputs: number[] = [];

  constructor(lesson: Lesson) {
    this.lesson = lesson;
  }

  learn(): Template | readonly number[] {
    const { parts, roles, read } = this.lesson;
    const attributes = parts.attributes.map((a) => this.attribute(a));
    const terms = parts.terms.map(({ text, source }) => this.term(text, source));
    const actions = this.actions(parts.actions);
    roles.forEach((role, hole) => {
      if (role !== ROLE.fixed && !this.placed.has(hole)) this.refused.add(hole);
    });
    if (this.refused.size > 0) return [...this.refused];
    const { rules, inPort, fixedInPort, outputs } = this;
    const fixedOutputs = this.fixedOutputs(read.flow.instructions);
    return new Template({ attributes, terms, actions, rules, inPort, fixedInPort, outputs, fixedOutputs });
  }

  private value(hole: number): number {
    return this.lesson.skeleton.values[hole] ?? 0;
  }

  private attribute(text: string): Piece[] {
    const { skeleton, roles } = this.lesson;
    const first = text.indexOf(' = ') + 3;
    const role = text.startsWith('priority = ')
      ? ROLE.priority
      : text.startsWith('cookie = ')
        ? ROLE.cookie
        : -1;
    const hole = roles.indexOf(role);
    if (role === -1 || hole === -1) return [textPiece(text)];
    if (roles.includes(role, hole + 1)) return [textPiece(text)];
    this.placed.add(hole);
    const least = 1;
    const priority = role === ROLE.priority;
    this.rules.push(rule(hole, least, priority ? LAST_PRIORITY : SAFE));
    const wide = skeleton.kinds[hole] === HOLE.wide;
    return [textPiece(text.slice(0, first)), piece(wide ? 'copy' : priority ? 'decimal' : 'hex', hole)];
  }

  /** A term of the match, which stands in one place of the input. */
  private term(text: string, source: number): Piece[] {
    const { lesson } = this;
    const { memory, skeleton, roles, read } = lesson;
    const { plan, terms } = memory;
    const whole = [textPiece(text)];
    const match = read.flow.match[source];
    if (source === -1 || match === undefined) return whole;
    const f = field(match.field);
    if (f.name === 'in_port' && match.mask === null) this.fixedInPort = Number(match.value);
    const index = plan?.from[source];
    if (index === undefined || plan?.from.indexOf(index) !== source) return whole;
    if (plan.from.includes(index, source + 1)) return whole;
    const start = terms.starts[index] ?? 0;
    const end = terms.ends[index] ?? 0;
    const hole = holeIn(skeleton, roles, ROLE.match, start, end);
    if (hole === -1) return whole;
    // Flows are told apart by these.
    if (decides(f.name) && f.name !== 'vlan_vid' && f.format !== 'OpenFlow 1.0 port') return whole;
    const key = lesson.text.slice(start, lesson.text.indexOf('=', start));
    const pieces = this.place(text, hole, f, match.mask);
    if (pieces === null) return whole;
    this.placed.add(hole);
    if (f.name === 'in_port') this.inPort = hole;
    this.rules.push(this.matchRule(hole, f, match.mask, key));
    return pieces;
  }

  private matchRule(hole: number, f: Field, mask: bigint | null, key: string): Rule {
    const port = f.format === 'OpenFlow 1.0 port';
    if (port) return rule(hole, 1, FIRST_RESERVED - 1, { port });
    const vlan = f.name === 'vlan_vid';
    const most = vlan ? 0xfff : Math.min(mostOf(key) ?? SAFE, largest(f));
    const small = isGeneric(key) ? this.value(hole) < 256 : null;
    const prefixHole =
      this.lesson.roles[hole + 1] === ROLE.prefix && this.placed.has(hole + 1) ? hole + 1 : -1;
    return rule(hole, 0, most, {
      small,
      prefixHole,
      ...(prefixHole === -1 ? this.zerosOf(hole, f, mask) : {}),
    });
  }

  /** Where the value stands in what is printed. `loaded`: the input has a number for some bits alone, from the lowest on. */
  private place(text: string, hole: number, f: Field, mask: bigint | null, loaded = false): Piece[] | null {
    const first = text.indexOf(' = ') + 3;
    if (first === 2) return null;
    const someBits = text.charCodeAt(first - 4) === CLOSING;
    const unit = !someBits ? 0 : loaded || mask === null ? 1 : Number(mask & -mask);
    const shown = this.pieceOf(hole, f, mask, unit);
    if (shown === null) return null;
    const written = this.write(shown);
    if (written === null || !text.startsWith(written, first)) return null;
    const rest = text.slice(first + written.length);
    if (rest !== '' && !rest.startsWith('/')) return null;
    const { roles, skeleton } = this.lesson;
    if (roles[hole + 1] === ROLE.prefix && rest === `/${skeleton.values[hole + 1] ?? ''}`) {
      this.placed.add(hole + 1);
      return [textPiece(text.slice(0, first)), shown, textPiece('/'), piece('copy', hole + 1)];
    }
    return [textPiece(text.slice(0, first)), shown, ...(rest === '' ? [] : [textPiece(rest)])];
  }

  /** `unit` is that of some bits of the field; 0 where all of it is printed. */
  private pieceOf(hole: number, f: Field, mask: bigint | null, unit: number): Piece | null {
    const kind = this.lesson.skeleton.kinds[hole];
    if (kind === HOLE.mac || kind === HOLE.ipv4 || kind === HOLE.ipv6) return piece('copy', hole);
    if (f.format === 'OpenFlow 1.0 port') return piece('port', hole);
    if (kind !== HOLE.decimal && kind !== HOLE.hex) return null;
    if (unit !== 0) return piece('hex', hole, unit);
    if (mask !== null) return piece('hex', hole);
    // A number that was loaded into an address.
    if (f.format === 'Ethernet') return piece('mac', hole);
    if (f.format === 'IPv4') return piece('ipv4', hole);
    if (f.name === 'vlan_vid') return piece('decimal', hole);
    const form = formOf(f.name);
    if (form !== 'decimal' && form !== 'hexadecimal') return null;
    const known = knownNames(f);
    const words = known === null ? null : new Map([...known].map(([v, word]) => [Number(v), word]));
    return { ...piece(form === 'decimal' ? 'decimal' : 'hex', hole), words };
  }

  /** What the piece is in the flow from which we learn. */
  private write(shown: Piece): string | null {
    const { skeleton, text, names } = this.lesson;
    const value = this.value(shown.hole);
    const word = shown.words?.get(value);
    if (word !== undefined) return word;
    if (skeleton.kinds[shown.hole] === HOLE.ipv6) return skeleton.address(shown.hole);
    if (shown.form === 'copy') return text.slice(skeleton.starts[shown.hole], skeleton.ends[shown.hole]);
    if (shown.form === 'mac') return macText(BigInt(value));
    if (shown.form === 'ipv4') return ipv4Text(BigInt(value));
    if (shown.form === 'port') return portName(this.port(shown.hole), names);
    const n = Math.floor(value / shown.unit);
    return shown.form === 'decimal' || n < 10 ? String(n) : `0x${n.toString(16)}`;
  }

  /** The number of a port that may be given by name. */
  private port(hole: number): number {
    const { skeleton, memory } = this.lesson;
    const value = this.value(hole);
    if (skeleton.kinds[hole] !== HOLE.name) return value;
    return memory.names.port(skeleton.names[value] ?? '') ?? 0;
  }

  private actions(nodes: readonly Node[]): ActionPart[] {
    const { lesson } = this;
    const { read, skeleton, text, start, end } = lesson;
    const { apply } = read.flow.instructions;
    const tokens = actionTokens(skeleton, text, actionsAt(text, start, end), end).filter(
      (t) => !INSTRUCTIONS.has(t.name),
    );
    const one = tokens.length === apply.length;
    return nodes.map((node, i): ActionPart => {
      if (typeof node !== 'string') {
        const line = inline(node, WIDTH);
        return { inline: line === null ? null : [textPiece(line)], block: render(node, 3) };
      }
      const action = apply[i];
      const token = tokens[i];
      const pieces =
        one && action !== undefined && token !== undefined && lesson.roles[token.hole] === ROLE.action
          ? this.action(node, action, token.hole, token.name)
          : null;
      return { inline: pieces ?? [textPiece(node)], block: null };
    });
  }

  private action(node: string, action: Action, hole: number, name: string): Piece[] | null {
    const { skeleton } = this.lesson;
    const decimal = skeleton.kinds[hole] === HOLE.decimal;
    if (action.kind === 'output') {
      if (!decimal && skeleton.kinds[hole] !== HOLE.name) return null;
      const port = piece('port', hole);
      if (node !== `output ${this.write(port)}`) return null;
      this.outputs.push(hole);
      return this.take([textPiece('output '), port], rule(hole, 1, FIRST_RESERVED - 1, { port: true }));
    }
    if (action.kind === 'group') {
      const words = ['group ', this.lesson.names.groups.get(this.value(hole)) ?? ''];
      if (!decimal || node !== words.join('')) return null;
      return this.take([textPiece('group '), piece('group', hole)], rule(hole, 0, LAST_GROUP));
    }
    if (action.kind !== 'set_field' || decides(action.field) || skeleton.kinds[hole] === HOLE.name)
      return null;
    const f = field(action.field);
    const { mask } = action;
    const load = name === 'load';
    const lowest = mask === null ? 1n : mask & -mask;
    // What is loaded is a number of the bits of its place, from the lowest on.
    const pieces = this.place(node, hole, f, mask, load);
    if (pieces === null || (load && lowest !== 1n && !node.includes('] = '))) return null;
    const bits = load && mask !== null ? mask / lowest : null;
    const most = Math.min(largest(f), bits === null ? SAFE : Number(bits));
    return this.take(pieces, rule(hole, 0, most, load ? {} : this.zerosOf(hole, f, mask)));
  }

  /** Bits of the field that a mask leaves out, where a value has none. */
  private zerosOf(hole: number, f: Field, mask: bigint | null): Partial<Rule> {
    if (mask === null) return {};
    const rest = ~mask & ((1n << BigInt(f.bits)) - 1n);
    if (this.lesson.skeleton.kinds[hole] === HOLE.ipv6) {
      const zeros = rest === 0n ? 0 : rest.toString(2).length;
      // Only of a prefix is it known which bits these are.
      return { prefix: rest === (1n << BigInt(zeros)) - 1n ? 128 - zeros : 0 };
    }
    return { highZero: Number((rest >> 32n) & 0xffff_ffffn) | 0, lowZero: Number(rest & 0xffff_ffffn) | 0 };
  }

  private take(pieces: Piece[], own: Rule): Piece[] {
    this.rules.push(own);
    this.placed.add(own.hole);
    return pieces;
  }

  /** The ports that all flows of the shape send to. */
  private fixedOutputs(instructions: Instructions): ReadonlySet<number> {
    const found = new Set<number>();
    portsIn(instructions, found);
    for (const hole of this.outputs) found.delete(this.port(hole));
    return found;
  }
}

function piece(form: Piece['form'], hole: number, unit = 1): Piece {
  return { form, text: '', hole, unit, words: null };
}
