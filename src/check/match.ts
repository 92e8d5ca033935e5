/** The `match` block of a flow: from terms to fields with values. */
import type { Block, CommandStatement, Name, RelationStatement, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/match.ts';
import { oneValueOnly } from '../diagnostics/codes/sets.ts';
import { saysNothing } from '../ir/oxm.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import type { Field, FieldName } from '../openflow/fields.ts';
import { impliedTerms, isGenericName, isProtocolName } from '../openflow/protocols.ts';
import { fullMask } from './domain.ts';
import { checkFamilies } from './match-families.ts';
import { reportPrerequisites } from './match-needs.ts';
import { overlapOf, reportContradiction, reportTwice } from './match-overlap.ts';
import type { CheckedWay, MatchWays, Term } from './match-terms.ts';
import { codeNames, readableTag, traps } from './match-traps.ts';
import { protocolWithValue, unknownWord } from './match-words.ts';
import { checkInput } from './packet-types.ts';
import { report } from './report.ts';
import { readChoice } from './sets/choice.ts';
import type { Choice } from './sets/choice.ts';
import { readProtocols } from './sets/protocols.ts';
import { toValue } from './sets/space.ts';
import {
  assemble,
  groupTerms,
  hasChoice,
  isProtocolTerm,
  isSeveral,
  showClass,
  wholeOf,
  withElement,
} from './sets/terms.ts';
import { showName } from './show.ts';
import { ANY_PACKET, stateOfMatch } from './state.ts';
import { isUnmapped, sizedField, tunnelIndex } from './tunnel-metadata.ts';
import type { CheckedMatch, FlowContext, Located, ResolvedField } from './types.ts';
import { evaluateForField, resolveField } from './values.ts';
import type { FieldValue } from './values.ts';

/** A match of which every term has one value, as a packet of a test has. Reports everything that is wrong with it. */
export function checkMatch(ctx: FlowContext, block: Block): CheckedMatch {
  return new MatchChecker(ctx, block, null).check();
}

/** The match on the present way. To be asked again for each of the others, `ways.branches.next()`. */
export function checkWay(ctx: FlowContext, block: Block, ways: MatchWays): CheckedWay {
  return new MatchChecker(ctx, block, ways).check();
}

class MatchChecker {
  private readonly ctx: FlowContext;
  private readonly block: Block;
  private readonly ways: MatchWays | null;
  private terms: Term[] = [];
  /** Terms of which only the value is wrong: what they need of the packet can be told all the same. */
  private readonly valueless: Term[] = [];
  private sound = true;
  /** False where a mistake leaves open what the packet is: then nothing is said about prerequisites. */
  private packetKnown = true;

  constructor(ctx: FlowContext, block: Block, ways: MatchWays | null) {
    this.ctx = ctx;
    this.block = block;
    this.ways = ways;
  }

  check(): CheckedWay {
    const relations: RelationStatement[] = [];
    for (const statement of this.block.statements) {
      if (statement.kind === 'relation') relations.push(statement);
      else this.protocol(statement.name, statement);
    }
    // What the packet is decides what generic names mean, wherever it stands.
    if (relations.some((r) => isGenericName(nameOf(r)))) {
      const rank = (s: RelationStatement): number => RANK[nameOf(s)] ?? 2;
      relations.sort((a, b) => rank(a) - rank(b));
    }
    for (const group of groupTerms(this.ctx, relations)) this.relation(group);
    this.barePacket();
    // What could not be read may have said what the rest needs.
    if (this.block.broken) this.fail();
    // Each of these has mistakes of its own to tell; none is the consequence of another.
    if (this.packetKnown) {
      const terms = this.valueless.length === 0 ? this.terms : [...this.terms, ...this.valueless];
      const needs = reportPrerequisites(this.ctx, this.block, terms, this.sound);
      const families = checkFamilies(this.ctx, this.block, terms);
      this.sound &&= needs && families;
    }
    if (this.sound)
      this.sound = readableTag(this.ctx, this.terms) && codeNames(this.ctx, this.block, this.terms);
    const said = this.terms.filter((t) => !saysNothing(t));
    const sources = new Map(said.map((t) => [t.field, t.at]));
    if (this.sound) checkInput(this.ctx, said, sources);
    const choices = said.filter(hasChoice);
    const fixed = choices.length === 0 ? said : said.filter((t) => !hasChoice(t));
    return {
      fields: assemble(fixed, choices),
      fixed,
      choices,
      sources,
      insertAt: this.block.brace.end,
      sound: this.sound,
    };
  }

  private fail(): void {
    this.sound = false;
    this.packetKnown = false;
  }

  /** The field is known, its value is not. */
  private failValue(f: Field): void {
    this.sound = false;
    if (DESCRIBES_PACKET.has(f.name)) this.packetKnown = false;
  }

  /** `word` is that of a statement of its own, or an element of `protocol in {…}`. */
  private protocol(name: Name, statement: Statement): void {
    if (statement.kind === 'command') {
      if (statement.args !== null || statement.operand !== null || statement.block !== null) {
        this.fail();
        report(this.ctx, codes.notATerm, { what: `\`${name.text}\` with what follows it` }, statement.span);
        return;
      }
      if (!isProtocolName(name.text)) {
        if (this.presence(statement)) return;
        this.fail();
        unknownWord(this.ctx, statement);
        return;
      }
    }
    if (!isProtocolName(name.text)) return;
    for (const { field: implied, value } of impliedTerms(name.text)) {
      const at: Located = { file: this.ctx.file, span: name.span };
      const term: Term = {
        field: implied,
        value,
        mask: null,
        at,
        statement,
        shown: name.text,
        protocol: name.text,
      };
      const other = this.terms.find((t) => t.field === term.field);
      if (other === undefined) this.terms.push(term);
      else if (other.value !== term.value) {
        this.contradiction(other, term);
        return;
      }
    }
  }

  /** `tun_metadata0`: the packet has that option, whatever is in it. */
  private presence(statement: CommandStatement): boolean {
    const { name } = statement;
    const f = fieldByName(name.text);
    if (f === undefined || tunnelIndex(f.name) === null) return false;
    const node = { kind: 'name', path: [name], subfield: null, span: name.span } as const;
    const resolved: ResolvedField = { field: f, subfield: null, node };
    if (!this.matchable(resolved)) this.failValue(f);
    else {
      const at: Located = { file: this.ctx.file, span: name.span };
      this.add({ field: f.name, value: 0n, mask: 0n, at, statement, shown: name.text, protocol: null });
    }
    return true;
  }

  private contradiction(earlier: Term, later: Term): void {
    this.fail();
    reportContradiction(this.ctx, earlier, later);
  }

  private relation(group: readonly RelationStatement[]): void {
    const { ctx } = this;
    const [statement] = group;
    if (statement === undefined) return;
    const { target, value } = statement;
    if (target.kind === 'string') {
      this.fail();
      report(ctx, codes.notATerm, { what: 'a text' }, target.span);
      return;
    }
    const name = nameOf(statement);
    if (isProtocolName(name) && fieldByName(name) === undefined && statement.operator === '=') {
      this.fail();
      protocolWithValue(ctx, name, statement);
      return;
    }
    if (isProtocolTerm(ctx, statement)) {
      for (const s of group) this.protocols(s);
      return;
    }
    const several = group.some((s) => isSeveral(ctx, s));
    // Each is looked at: names of one field may be wrong in the same way.
    const [resolved, ...others] = group.map((s) => this.target(s));
    if (resolved == null || others.includes(null)) return;
    if (several) {
      this.choice(group, resolved);
      return;
    }
    const evaluated = evaluateForField(ctx, value, resolved, 'match');
    if (evaluated === null) this.withoutValue(statement, resolved);
    else if (this.internal(resolved, evaluated)) this.add(this.term(statement, resolved, evaluated));
    else this.failValue(resolved.field);
  }

  /** The field on the left of a term; null, and reported, where none can be matched there. */
  private target({ target }: RelationStatement): ResolvedField | null {
    if (target.kind === 'string') return null;
    const name = target.path[0]?.text ?? '';
    const state = isGenericName(name) ? stateOfMatch(this.terms) : ANY_PACKET;
    const resolved = resolveField(this.ctx, target, state);
    if (resolved === null) this.fail();
    else if (this.matchable(resolved)) return resolved;
    else this.failValue(resolved.field);
    return null;
  }

  /** `protocol in {tcp, udp}` */
  private protocols(statement: RelationStatement): void {
    const { ctx, ways } = this;
    const names = readProtocols(ways === null ? ctx : { ...ctx, sink: ways.once }, statement);
    if (names === null) this.fail();
    else if (ways === null && names.length > 1) this.oneValue(statement);
    else {
      const label = (i: number): string => names[i]?.text ?? '';
      const at = { file: ctx.file, span: statement.span };
      const name =
        names[names.length === 1 || ways === null ? 0 : ways.branches.take(names.length, at, label)];
      if (name !== undefined) this.protocol(name, statement);
    }
  }

  private oneValue({ operatorSpan, value }: RelationStatement): void {
    this.fail();
    if (value.kind !== 'missing') report(this.ctx, oneValueOnly, { what: 'a packet has' }, operatorSpan);
  }

  /** Terms on the same bits, at least one of them with several values. */
  private choice(group: readonly RelationStatement[], resolved: ResolvedField): void {
    const { ctx, ways } = this;
    const [statement] = group;
    if (statement === undefined) return;
    if (ways === null) {
      this.oneValue(statement);
      return;
    }
    const { field: f } = resolved;
    let read = ways.read.get(statement);
    if (read === undefined) ways.read.set(statement, (read = new Map<FieldName, Choice | null>()));
    let choice = read.get(f.name);
    if (choice === undefined) {
      choice = readChoice({ ...ctx, sink: ways.once }, resolved, group, ways.overlapping);
      read.set(f.name, choice);
    }
    if (choice === null) {
      this.withoutValue(statement, resolved);
      return;
    }
    if (choice.everything) {
      this.add(this.term(statement, resolved, { value: 0n, mask: 0n }), true);
      return;
    }
    const { space, classes } = choice;
    const at = { file: ctx.file, span: statement.span };
    const label = (i: number): string => showClass(resolved, choice, i);
    const values = classes[classes.length === 1 ? 0 : ways.branches.take(classes.length, at, label)];
    if (values === undefined) return;
    const value = toValue(space, values.first);
    if (!this.internal(resolved, value)) {
      this.failValue(f);
      return;
    }
    const term = this.term(withElement(statement, values), resolved, value);
    this.add(values.count === 1n ? term : { ...term, choice: { space, values } });
  }

  private term(statement: RelationStatement, { field: f, node }: ResolvedField, value: FieldValue): Term {
    const at: Located = { file: this.ctx.file, span: node.span };
    return { field: f.name, ...value, at, statement, shown: showName(node), protocol: null };
  }

  private withoutValue(statement: RelationStatement, resolved: ResolvedField): void {
    this.failValue(resolved.field);
    this.valueless.push(this.term(statement, resolved, { value: 0n, mask: null }));
  }

  /** False, and reported, for fields that no flow can match. */
  private matchable({ field: f, node }: ResolvedField): boolean {
    if (f.exactIn.length === 0) {
      report(this.ctx, codes.unmatchable, { field: f.name, why: 'it has no form in OpenFlow' }, node.span);
      return false;
    }
    if (isUnmapped(this.ctx, f)) {
      report(this.ctx, codes.noTlvMap, { field: f.name }, node.span);
      return false;
    }
    return true;
  }

  /** False, and reported, for what the switch keeps for itself (OFPBRC_EPERM). */
  private internal({ field: f, node }: ResolvedField, { value }: FieldValue): boolean {
    if (f.name !== 'dp_hash' && !(f.name === 'recirc_id' && value !== 0n)) return true;
    report(this.ctx, codes.unmatchable, { field: f.name, why: 'the switch keeps it for itself' }, node.span, {
      switchError: 'OFPBRC_EPERM',
    });
    return false;
  }

  /** `told`: that the term says nothing has been reported. */
  private add(term: Term, told = false): void {
    const { ctx } = this;
    const f = sizedField(ctx, field(term.field));
    const looked = wholeOf(term);
    for (const other of this.terms) {
      // A value says that the option is there, too.
      const present =
        other.field === term.field && !saysNothing(term) && (other.mask === 0n || term.mask === 0n);
      const overlap = present ? 'twice' : overlapOf(wholeOf(other), looked);
      if (overlap === 'none') continue;
      if (overlap === 'twice') {
        this.failValue(f);
        reportTwice(ctx, other, term);
      } else if (overlap === 'contradiction') this.contradiction(other, term);
      return;
    }
    if (!told && !traps(ctx, term)) this.failValue(f);
    const { mask } = term;
    const same = hasChoice(term)
      ? -1
      : this.terms.findIndex(
          (t) => t.field === term.field && t.mask !== null && mask !== null && !hasChoice(t),
        );
    const known = this.terms[same];
    // Other bits of the same field: one term.
    if (known?.mask != null && mask !== null) {
      const joined = known.mask | mask;
      const value = known.value | term.value;
      this.terms[same] = { ...known, value, mask: joined === fullMask(f) ? null : joined };
    } else this.terms.push(term);
  }

  /** Under `packet_type = ipv4` a protocol says only what is left to say: the switch refuses eth_type then. */
  private barePacket(): void {
    const packetType = this.terms.find((t) => t.field === 'packet_type');
    if (packetType === undefined || packetType.value === 0n) return;
    const implied = this.terms.find((t) => t.field === 'eth_type' && t.protocol !== null);
    if (implied === undefined) return;
    if (packetType.value === ((1n << 16n) | implied.value))
      this.terms = this.terms.filter((t) => t !== implied);
    else this.contradiction(packetType, implied);
  }
}

/** Fields that prerequisites look at. */
const DESCRIBES_PACKET: ReadonlySet<string> = new Set([
  'packet_type',
  'eth_type',
  'nw_proto',
  'ip_frag',
  'vlan_tci',
  'vlan_vid',
  'dl_vlan',
  'dl_vlan_pcp',
  'icmpv6_type',
  'icmpv6_code',
  'ct_state',
]);

/** Terms that say what the packet is come first. */
const RANK: Readonly<Record<string, number>> = {
  packet_type: 0,
  eth_type: 0,
  dl_type: 0,
  nw_proto: 1,
  ip_proto: 1,
};

function nameOf(statement: RelationStatement): string {
  return statement.target.kind === 'name' ? (statement.target.path[0]?.text ?? '') : '';
}
