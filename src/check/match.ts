/** The `match` block of a flow: from terms to fields with values. */
import type { Block, CommandStatement, RelationStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/match.ts';
import type { MatchField } from '../ir/types.ts';
import { matchOrder } from '../ir/oxm.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { impliedTerms, isProtocolName, PROTOCOL_NAMES } from '../openflow/protocols.ts';
import { storage, toStorage } from '../openflow/storage.ts';
import { fullMask } from './domain.ts';
import { addTerms, reportPrerequisites } from './match-needs.ts';
import { label, replaceFix, report } from './report.ts';
import { showName, showValue } from './show.ts';
import { ANY_PACKET, stateOfMatch } from './state.ts';
import type { PacketState } from './state.ts';
import { nearest } from './suggest.ts';
import type { CheckedMatch, FlowContext, Located, ResolvedField } from './types.ts';
import { evaluateForField, resolveField } from './values.ts';

/** A term with where it stands. */
export interface Term extends MatchField {
  /** Of the name; of the word for what a protocol implies. */
  readonly at: Located;
  /** As the source calls it. */
  readonly shown: string;
  /** The protocol that implies it; null for a term of its own. */
  readonly protocol: string | null;
}

/** Checks a match block. Reports everything that is wrong with it; what is left is in the result. */
export function checkMatch(ctx: FlowContext, block: Block): CheckedMatch {
  return new MatchChecker(ctx, block).check();
}

class MatchChecker {
  private readonly ctx: FlowContext;
  private readonly block: Block;
  private readonly terms: Term[] = [];
  private sound = true;

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
    const rank = (s: RelationStatement): number => RANK[nameOf(s)] ?? 2;
    for (const r of [...relations].sort((a, b) => rank(a) - rank(b))) this.relation(r);
    if (this.sound && !reportPrerequisites(this.ctx, this.block, this.terms)) this.sound = false;
    if (this.sound) this.families();
    return {
      fields: matchOrder(this.terms.map(({ field: name, value, mask }) => ({ field: name, value, mask }))),
      sources: new Map(this.terms.map((t) => [t.field, t.at])),
      insertAt: this.insertAt(),
      sound: this.sound,
    };
  }

  /** Right after `match {`. */
  private insertAt(): number {
    return this.block.brace.end;
  }

  private state(): PacketState {
    return this.terms.length === 0 ? ANY_PACKET : stateOfMatch(this.terms);
  }

  private fail(): void {
    this.sound = false;
  }

  private protocol(statement: CommandStatement): void {
    const { name } = statement;
    if (statement.args !== null || statement.operand !== null || statement.block !== null) {
      this.fail();
      report(this.ctx, codes.notATerm, { what: `\`${name.text}\` with what follows it` }, statement.span);
      return;
    }
    if (!isProtocolName(name.text)) {
      this.fail();
      this.unknownWord(statement);
      return;
    }
    for (const implied of impliedTerms(name.text)) {
      const term: Term = {
        field: implied.field,
        value: implied.value,
        mask: null,
        at: { file: this.ctx.file, span: name.span },
        shown: name.text,
        protocol: name.text,
      };
      const other = this.terms.find((t) => t.field === term.field);
      if (other === undefined) this.terms.push(term);
      else if (other.value !== term.value) {
        this.contradiction(other, term, statement);
        return;
      }
    }
  }

  private unknownWord({ name, span }: CommandStatement): void {
    const word = name.text;
    if (word === '') return;
    if (fieldByName(word) !== undefined || this.ctx.scope.lookup(word)?.kind === 'register') {
      report(this.ctx, codes.fieldWithoutValue, { name: word }, span);
      return;
    }
    const special = SPECIAL_WORDS[word];
    const suggestion = special?.instead ?? nearest(word, PROTOCOL_NAMES);
    report(this.ctx, codes.unknownProtocol, { name: word, suggestion }, span, {
      ...(special === undefined ? {} : { help: special.help }),
      fixes:
        suggestion === undefined ? [] : [replaceFix(this.ctx, `Write \`${suggestion}\``, span, suggestion)],
    });
  }

  private contradiction(earlier: Term, later: Term, at: { readonly span: Located['span'] }): void {
    this.fail();
    const show = (t: Term): string => t.protocol ?? `${t.shown} = ${showValue(field(t.field), t.value)}`;
    report(this.ctx, codes.contradiction, { left: show(earlier), right: show(later) }, at.span, {
      related: [label(earlier.at, `\`${show(earlier)}\` is stated here`)],
      notes: ['ovs-ofctl lets the last one win without an error'],
    });
  }

  private relation(statement: RelationStatement): void {
    const { ctx } = this;
    const { target, operator, value } = statement;
    if (target.kind === 'string') {
      this.fail();
      report(ctx, codes.notATerm, { what: 'a string' }, target.span);
      return;
    }
    if (target.path[0]?.text === 'protocol' || operator !== '=') {
      this.fail();
      if (value.kind !== 'missing') {
        const shown = operator === '=' ? 'protocol' : operator;
        report(
          ctx,
          codes.laterOperator,
          { operator: shown },
          operator === '=' ? target.span : statement.operatorSpan,
        );
      }
      return;
    }
    if (target.path[0]?.text === 'expand') {
      this.fail();
      report(ctx, codes.laterOperator, { operator: 'expand' }, target.span);
      return;
    }
    const resolved = resolveField(ctx, target, this.state());
    if (resolved === null) {
      this.fail();
      return;
    }
    if (!this.matchable(resolved)) return;
    const evaluated = evaluateForField(ctx, value, resolved, 'match');
    if (evaluated === null) {
      this.fail();
      return;
    }
    this.add(statement, resolved, evaluated.value, evaluated.mask);
  }

  /** False, and reported, for fields that no flow can match. */
  private matchable({ field: f, node }: ResolvedField): boolean {
    const why = UNMATCHABLE[f.name];
    if (why !== undefined) {
      this.fail();
      report(this.ctx, codes.unmatchable, { field: f.name, why: why.says }, node.span, {
        ...(why.error === undefined ? {} : { switchError: why.error }),
      });
      return false;
    }
    if (f.name.startsWith('tun_metadata')) {
      this.fail();
      report(this.ctx, codes.noTlvMap, { field: f.name }, node.span);
      return false;
    }
    return true;
  }

  private add(
    statement: RelationStatement,
    resolved: ResolvedField,
    value: bigint,
    mask: bigint | null,
  ): void {
    const { ctx } = this;
    const { field: f, node } = resolved;
    const term: Term = {
      field: f.name,
      value,
      mask,
      at: { file: ctx.file, span: node.span },
      shown: showName(node),
      protocol: null,
    };
    if (mask === 0n) {
      report(ctx, codes.matchesNothing, { field: term.shown }, statement.value.span);
    }
    const bits = bitsOf(f, mask);
    for (const other of this.terms) {
      const g = field(other.field);
      if (storage(g).unit !== storage(f).unit) continue;
      if ((bitsOf(g, other.mask) & bits) === 0n) continue;
      if (other.protocol !== null) {
        // `tcp` with `ip_proto = 6` says the same twice in two ways, which does no harm.
        if (other.value !== value || mask !== null) this.contradiction(other, term, statement);
        return;
      }
      this.fail();
      const equal = other.field === term.field && other.value === value && other.mask === mask;
      report(ctx, codes.duplicateField, { field: term.shown, other: other.shown, equal }, node.span, {
        related: [label(other.at, 'first matched here')],
        notes: ['ovs-ofctl lets the last one win without an error'],
      });
      return;
    }
    this.traps(term, statement, f);
    const same = this.terms.findIndex((t) => t.field === term.field);
    const known = this.terms[same];
    // Other bits of the same field: one term.
    if (known?.mask != null && mask !== null) {
      const joined = known.mask | mask;
      this.terms[same] = {
        ...known,
        value: known.value | value,
        mask: joined === fullMask(f) ? null : joined,
      };
    } else this.terms.push(term);
  }

  /** What is accepted and does not do what it says. */
  private traps(term: Term, statement: RelationStatement, f: Field): void {
    if (MASK_BUG.has(f.name)) report(this.ctx, codes.maskBug, { field: f.name }, statement.span);
    if (f.name === 'eth_type' && (term.value === 0x8100n || term.value === 0x88a8n)) {
      report(this.ctx, codes.ethTypeOfTag, { value: `0x${term.value.toString(16)}` }, statement.span, {
        help: 'match tagged packets with `vlan_vid = …` or `vlan_tci = 0x1000/0x1000`',
      });
    }
  }

  /** The switch wants ct_nw_* with IPv4 and ct_ipv6_* with IPv6 (checks.md §1). */
  private families(): void {
    const ethType = this.terms.find((t) => t.field === 'eth_type')?.value;
    for (const term of this.terms) {
      const needs = /^ct_nw_(src|dst)$/.test(term.field)
        ? { word: 'ip', type: 0x0800n }
        : term.field.startsWith('ct_ipv6_')
          ? { word: 'ipv6', type: 0x86ddn }
          : null;
      if (needs === null || ethType === needs.type) continue;
      this.fail();
      report(this.ctx, codes.trackedFamily, { field: term.shown, needs: needs.word }, term.at.span, {
        fixes: ethType === undefined ? [addTerms(this.ctx, this.block, needs.word)] : [],
      });
      return;
    }
  }
}

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

/** The bits of its unit that a term looks at, the present bit that some imply aside. */
function bitsOf(f: Field, mask: bigint | null): bigint {
  const { width, offset, port } = storage(f);
  if (port || mask === null) return ((1n << BigInt(width)) - 1n) << BigInt(offset);
  return toStorage(f, mask);
}

const MASK_BUG: ReadonlySet<string> = new Set([
  'tun_erspan_ver',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
]);

const UNMATCHABLE: Readonly<Record<string, { says: string; error?: 'OFPBRC_EPERM' }>> = {
  tun_tos: { says: 'it has no form in OpenFlow' },
  tun_ttl: { says: 'it has no form in OpenFlow' },
  skb_priority: { says: 'it has no form in OpenFlow' },
  recirc_id: { says: 'the switch keeps it for itself', error: 'OFPBRC_EPERM' },
  dp_hash: { says: 'the switch keeps it for itself', error: 'OFPBRC_EPERM' },
};

/** Words that people expect and ovs-ofctl does not have either. */
const SPECIAL_WORDS: Readonly<Record<string, { instead?: string; help: string }>> = {
  icmpv6: { instead: 'icmp6', help: 'ovs-fields(7) calls it `icmp6`' },
  icmp4: { instead: 'icmp', help: 'ovs-fields(7) calls it `icmp`' },
  icmpv4: { instead: 'icmp', help: 'ovs-fields(7) calls it `icmp`' },
  tcp4: { instead: 'tcp', help: '`tcp` is TCP over IPv4' },
  udp4: { instead: 'udp', help: '`udp` is UDP over IPv4' },
  sctp4: { instead: 'sctp', help: '`sctp` is SCTP over IPv4' },
  igmp: { help: 'write `ip; ip_proto = igmp`' },
  vlan: { help: 'write `vlan_tci = 0x1000/0x1000` for any tagged packet, or `vlan_vid = …`' },
  nsh: { help: 'write `eth_type = nsh`' },
  lldp: { help: 'write `eth_type = lldp`' },
  pppoe: { help: 'write `eth_type = 0x8864`' },
};
