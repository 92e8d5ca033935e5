/** The `match` block of a flow: from terms to fields with values. */
import type { Block, CommandStatement, RelationStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/match.ts';
import { notLowerCase } from '../diagnostics/codes/names.ts';
import { matchOrder, saysNothing } from '../ir/oxm.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { impliedTerms, isGenericName, isProtocolName, PROTOCOL_NAMES } from '../openflow/protocols.ts';
import { fullMask } from './domain.ts';
import { checkFamilies } from './match-families.ts';
import { reportPrerequisites } from './match-needs.ts';
import { joinRegisters, overlapOf, reportContradiction, reportTwice } from './match-overlap.ts';
import type { Term } from './match-terms.ts';
import { codeNames, readableTag, traps } from './match-traps.ts';
import { checkInput } from './packet-types.ts';
import { replaceFix, report } from './report.ts';
import { showName } from './show.ts';
import { ANY_PACKET, stateOfMatch } from './state.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { isUnmapped, sizedField, tunnelIndex } from './tunnel-metadata.ts';
import type { CheckedMatch, FlowContext, Located, ResolvedField } from './types.ts';
import { evaluateForField, resolveField } from './values.ts';
import type { FieldValue } from './values.ts';

/** Checks a match block. Reports everything that is wrong with it; what is left is in the result. */
export function checkMatch(ctx: FlowContext, block: Block): CheckedMatch {
  return new MatchChecker(ctx, block).check();
}

class MatchChecker {
  private readonly ctx: FlowContext;
  private readonly block: Block;
  private terms: Term[] = [];
  /** Terms of which only the value is wrong: what they need of the packet can be told all the same. */
  private readonly valueless: Term[] = [];
  private sound = true;
  /** False where a mistake leaves open what the packet is: then nothing is said about prerequisites. */
  private packetKnown = true;

  constructor(ctx: FlowContext, block: Block) {
    this.ctx = ctx;
    this.block = block;
  }

  check(): CheckedMatch {
    const relations: RelationStatement[] = [];
    for (const statement of this.block.statements) {
      if (statement.kind === 'relation') relations.push(statement);
      else this.protocol(statement);
    }
    // What the packet is decides what generic names mean, wherever it stands.
    if (relations.some((r) => isGenericName(nameOf(r)))) {
      const rank = (s: RelationStatement): number => RANK[nameOf(s)] ?? 2;
      relations.sort((a, b) => rank(a) - rank(b));
    }
    for (const r of relations) this.relation(r);
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
    return {
      fields: matchOrder(joinRegisters(said)),
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

  private protocol(statement: CommandStatement): void {
    const { name } = statement;
    if (statement.args !== null || statement.operand !== null || statement.block !== null) {
      this.fail();
      report(this.ctx, codes.notATerm, { what: `\`${name.text}\` with what follows it` }, statement.span);
      return;
    }
    if (!isProtocolName(name.text)) {
      if (this.presence(statement)) return;
      this.fail();
      this.unknownWord(statement);
      return;
    }
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

  private unknownWord({ name, span }: CommandStatement): void {
    const word = name.text;
    if (word === '') return;
    if (fieldByName(word) !== undefined || this.ctx.scope.lookup(word)?.kind === 'register') {
      report(this.ctx, codes.fieldWithoutValue, { name: word }, span);
      return;
    }
    const write = (instead: string | undefined) =>
      instead === undefined ? [] : [replaceFix(this.ctx, `Write \`${instead}\``, span, instead)];
    const correct = word.toLowerCase();
    if (correct !== word && isProtocolName(correct)) {
      report(this.ctx, notLowerCase, { name: word, correct }, span, { fixes: write(correct) });
      return;
    }
    if (this.ctx.scope.lookup(word)?.kind === 'port') {
      const port = `in_port = ${word}`;
      report(this.ctx, codes.unknownProtocol, { name: word }, span, {
        help: `write \`${port}\``,
        fixes: write(port),
      });
      return;
    }
    const known = OTHER_WORDS[correct];
    const suggestion = known === undefined ? nearest(word, PROTOCOL_NAMES) : undefined;
    report(this.ctx, codes.unknownProtocol, { name: word, suggestion }, span, {
      ...(known === undefined ? {} : { help: `write \`${known}\`` }),
      fixes: write(known ?? suggestion),
    });
  }

  private contradiction(earlier: Term, later: Term): void {
    this.fail();
    reportContradiction(this.ctx, earlier, later);
  }

  private relation(statement: RelationStatement): void {
    const { ctx } = this;
    const { target, operator, value } = statement;
    if (target.kind === 'string') {
      this.fail();
      report(ctx, codes.notATerm, { what: 'a text' }, target.span);
      return;
    }
    const protocol = nameOf(statement);
    if (isProtocolName(protocol) && fieldByName(protocol) === undefined && operator === '=') {
      this.fail();
      // Any other value says something that the protocol alone does not.
      const said = value.kind === 'int' && value.value === 1n;
      report(ctx, codes.protocolWithValue, { name: protocol }, target.span, {
        help: `write \`${protocol}\``,
        fixes: said ? [replaceFix(ctx, `Write \`${protocol}\``, statement.span, protocol)] : [],
      });
      return;
    }
    const later = operator !== '=' ? operator : LATER_TERMS.has(nameOf(statement)) ? nameOf(statement) : null;
    if (later !== null) {
      const f = target.subfield === null ? fieldByName(nameOf(statement)) : undefined;
      if (f === undefined || isGenericName(nameOf(statement))) this.fail();
      else this.withoutValue(statement, { field: f, subfield: null, node: target });
      const at = operator === '=' ? target.span : statement.operatorSpan;
      if (value.kind !== 'missing') report(ctx, codes.laterOperator, { operator: later }, at);
      return;
    }
    const state = isGenericName(nameOf(statement)) ? stateOfMatch(this.terms) : ANY_PACKET;
    const resolved = resolveField(ctx, target, state);
    if (resolved === null) {
      this.fail();
      return;
    }
    if (!this.matchable(resolved)) {
      this.failValue(resolved.field);
      return;
    }
    const evaluated = evaluateForField(ctx, value, resolved, 'match');
    if (evaluated === null) this.withoutValue(statement, resolved);
    else if (this.internal(resolved, evaluated)) this.add(this.term(statement, resolved, evaluated));
    else this.failValue(resolved.field);
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

  private add(term: Term): void {
    const { ctx } = this;
    const f = sizedField(ctx, field(term.field));
    for (const other of this.terms) {
      // A value says that the option is there, too.
      const present =
        other.field === term.field && !saysNothing(term) && (other.mask === 0n || term.mask === 0n);
      const overlap = present ? 'twice' : overlapOf(other, term);
      if (overlap === 'none') continue;
      if (overlap === 'twice') {
        this.failValue(f);
        reportTwice(ctx, other, term);
      } else if (overlap === 'contradiction') this.contradiction(other, term);
      return;
    }
    if (!traps(ctx, term)) this.failValue(f);
    const { mask } = term;
    const same = this.terms.findIndex((t) => t.field === term.field && t.mask !== null && mask !== null);
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

/** What stands on the left of `=` in later versions. */
const LATER_TERMS: ReadonlySet<string> = new Set(['protocol', 'expand']);

function nameOf(statement: RelationStatement): string {
  return statement.target.kind === 'name' ? (statement.target.path[0]?.text ?? '') : '';
}

/** Words that people expect and ovs-ofctl does not have either. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  icmpv6: 'icmp6',
  icmp4: 'icmp',
  icmpv4: 'icmp',
  tcp4: 'tcp',
  udp4: 'udp',
  sctp4: 'sctp',
  igmp: 'ip; ip_proto = igmp',
  vlan: 'vlan_vid = 0x1000/0x1000',
  nsh: 'eth_type = nsh',
  lldp: 'eth_type = lldp',
  pppoe: 'eth_type = pppoe_session',
};
