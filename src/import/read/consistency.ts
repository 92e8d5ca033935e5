/**
 * Do the actions go with the match? ovs-ofctl walks over them as the switch does, following what they make of the packet,
 * and on the way learns what some of them are.
 */
import { badTarget, inconsistent, notHere } from '../../diagnostics/codes/import.ts';
import type { Details } from '../../diagnostics/define.ts';
import type { Action, Instructions, LearnSpec, SubfieldRef } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import { ETH_TYPE, IP_PROTO, PREREQUISITES } from '../../openflow/protocols.ts';
import type { Packet } from './packet.ts';
import { allows, ETHERNET, has, UNKNOWN_TYPE } from './packet.ts';
import type { Parsed, SoftNeed } from './parsed.ts';
import type { Source } from './source.ts';
import type { MatchContext } from './state.ts';
import { MatchState } from './state.ts';
import { onesOf } from './subfields.ts';

export interface Resolved {
  readonly instructions: Instructions;
  /** It goes with the match in OpenFlow 1.0 only, where this is not looked at. */
  readonly only10: boolean;
}

const WORDS: Readonly<Record<SoftNeed, string>> = {
  VLAN: 'a VLAN tag',
  IPv4: '`ip`',
  IP: '`ip` or `ipv6`',
  MPLS: '`mpls`',
  NSH: '`eth_type=0x894f`',
  TCP: '`tcp`',
  ports: '`tcp`, `udp` or `sctp`',
  Ethernet: 'a packet with an Ethernet header',
  'Ethernet, MPLS': '`mpls`',
};

/** Walks over the actions; null is reported. */
export function resolve(source: Source, list: readonly Parsed[], match: MatchContext): Resolved | null {
  return new Walk(source, match).flow(list);
}

/** The same for a bucket of a group, of whose packets nothing is known; nothing is refused. */
export function resolveBucket(list: readonly Parsed[]): Action[] {
  return list.flatMap((p) => unchecked(p) ?? []);
}

function unchecked(p: Parsed): Action | null {
  if (p.deferred !== null)
    return p.deferred.kind === 'port' ? null : vlanAction(p.deferred.kind, p.deferred.value, false);
  const { action, nested } = p;
  if (action === null || nested === null) return action;
  const inner = resolveBucket(nested);
  return action.kind === 'clone'
    ? { ...action, actions: inner }
    : action.kind === 'ct'
      ? { ...action, exec: inner }
      : action;
}

function vlanAction(kind: 'vlan_vid' | 'vlan_pcp', value: number, tagged: boolean): Action {
  return kind === 'vlan_vid'
    ? { kind: 'mod_vlan_vid', vid: value, tagged }
    : { kind: 'mod_vlan_pcp', pcp: value, tagged };
}

class Walk {
  private readonly source: Source;
  private readonly match: MatchContext;
  private packet: Packet;
  /** An action that is fine in OpenFlow 1.0 only, and one that is not there. */
  private soft: { readonly at: Parsed; readonly needs: string } | null = null;
  private newer: Parsed | null = null;
  /** How many lists of write_actions we are in: what is soft is not looked at there. */
  private writing = 0;

  constructor(source: Source, match: MatchContext) {
    this.source = source;
    this.match = match;
    const { packetType, ethType, ipProto, tagged } = match;
    this.packet = { packetType, ethType, ipProto, tags: [tagged, false] };
  }

  flow(list: readonly Parsed[]): Resolved | null {
    const apply: Action[] = [];
    let clear = false;
    let write: Action[] | null = null;
    let writeMetadata: Instructions['writeMetadata'] = null;
    let goto: number | null = null;
    for (const p of list) {
      if (!p.in10) this.newer ??= p;
      if (p.role === 'clear_actions') clear = true;
      else if (p.role === 'write_metadata') writeMetadata = p.metadata;
      else if (p.role === 'goto_table') goto = p.table;
      else if (p.role === 'write_actions') {
        this.writing++;
        write = this.list(p.nested ?? []);
        this.writing--;
        if (write === null) return null;
      } else {
        const action = this.one(p);
        if (action === null) return null;
        apply.push(action);
      }
    }
    if (this.soft !== null && this.newer !== null) return this.refuse(this.soft.at, this.soft.needs);
    const instructions = { apply, clear, write, writeMetadata, goto };
    return { instructions, only10: this.soft !== null };
  }

  /** A nested list starts with what is known here, and leaves it as it is. */
  private list(list: readonly Parsed[]): Action[] | null {
    const before = this.packet;
    this.packet = { ...before, tags: [...before.tags] };
    const actions: Action[] = [];
    for (const p of list) {
      if (p.nat !== null) {
        if (!this.nat(p)) return null;
        continue;
      }
      const action = this.one(p);
      if (action === null) return null;
      actions.push(action);
    }
    this.packet = before;
    return actions;
  }

  private refuse(p: Parsed, needs: string, details: Details = {}): null {
    return this.source.fail(inconsistent, { action: p.name, needs }, p.start, p.end, details);
  }

  private one(p: Parsed): Action | null {
    if (!p.in10) this.newer ??= p;
    if (p.deferred !== null) return this.deferred(p);
    if (p.soft !== null && !this.has(p.soft)) {
      if (this.writing === 0) this.soft ??= { at: p, needs: WORDS[p.soft] };
    }
    const { action } = p;
    if (action === null) return null;
    if (!this.operands(p, action)) return null;
    if (action.kind === 'push_vlan' && this.packet.tags[1]) {
      const what = 'a packet has two VLAN tags at most';
      return this.source.fail(badTarget, { action: p.name, what }, p.start, p.end, {
        switchError: 'OFPBAC_BAD_TAG',
      });
    }
    const done = this.nested(p, action);
    if (done !== null) this.follow(p, done);
    return done;
  }

  private deferred(p: Parsed): Action | null {
    const { deferred } = p;
    if (deferred === null) return null;
    if (deferred.kind !== 'port') {
      const action = vlanAction(deferred.kind, deferred.value, this.packet.tags[0]);
      this.packet.tags[0] = true;
      return action;
    }
    const { ipProto } = this.packet;
    if (!this.has('ports')) return this.refuse(p, WORDS.ports);
    const protocol = ipProto === IP_PROTO.tcp ? 'tcp' : ipProto === IP_PROTO.udp ? 'udp' : 'sctp';
    const name: FieldName = `${protocol}_${deferred.source ? 'src' : 'dst'}`;
    return { kind: 'set_field', field: name, value: BigInt(deferred.value), mask: null };
  }

  private nested(p: Parsed, action: Action): Action | null {
    if (action.kind === 'clone') {
      const actions = this.list(p.nested ?? []);
      return actions === null ? null : { ...action, actions };
    }
    if (action.kind !== 'ct') return action;
    const { ethType, ipProto } = this.packet;
    if (ethType !== ETH_TYPE.ipv4 && ethType !== ETH_TYPE.ipv6) return this.refuse(p, WORDS.IP);
    if (action.commit && this.match.ctInvalid) return this.refuse(p, 'a packet that is not `+inv`');
    if (action.alg === 21 && ipProto !== IP_PROTO.tcp) return this.refuse(p, WORDS.TCP);
    if (action.alg === 69 && ipProto !== IP_PROTO.udp) return this.refuse(p, '`udp`');
    // With a zone out of a field, nobody looks inside.
    if (typeof action.zone === 'object' && action.zone !== null)
      return { ...action, exec: resolveBucket((p.nested ?? []).filter((q) => q.nat === null)) };
    const exec = this.list(p.nested ?? []);
    return exec === null ? null : { ...action, exec };
  }

  private nat(p: Parsed): boolean {
    const { ethType } = this.packet;
    const family = p.nat?.family ?? null;
    const fits = (ethType === ETH_TYPE.ipv4 && family !== 6) || (ethType === ETH_TYPE.ipv6 && family !== 4);
    if (!fits) this.refuse(p, family === 4 ? '`ip`' : family === 6 ? '`ipv6`' : WORDS.IP);
    return fits;
  }

  private has(need: SoftNeed): boolean {
    return has(need, this.packet, this.match);
  }

  /** Are the headers there whose fields are read and written? */
  private operands(p: Parsed, action: Action): boolean {
    switch (action.kind) {
      case 'set_field':
        // Those made from the names of OpenFlow 1.0 and 1.1 are looked at as `soft`.
        if (p.soft !== null || p.writes === null) return true;
        if (action.field === 'vlan_vid' && !this.packet.tags[0]) {
          this.refuse(p, WORDS.VLAN);
          return false;
        }
        return this.sees(p, field(action.field));
      case 'move':
        return this.reads(p, action.source) && this.writesTo(p, action.destination);
      case 'push':
        return this.reads(p, action.source);
      case 'output_reg':
        return this.reads(p, action.source);
      case 'pop':
        return this.writesTo(p, action.destination);
      case 'bundle':
        return action.destination === null || this.writesTo(p, action.destination);
      case 'multipath':
        return this.writesTo(p, action.destination);
      case 'resubmit':
        if (!action.ct || this.match.ctValid) return true;
        this.refuse(p, 'a tracked connection (`ct_state=+trk-inv`)');
        return false;
      case 'ct':
        return action.zone === null || typeof action.zone === 'number' || this.reads(p, action.zone);
      case 'learn':
        return this.learns(p, action.specs);
      default:
        return true;
    }
  }

  private sees(p: Parsed, f: Field): boolean {
    if (allows(f, this.packet, this.match)) return true;
    const words = PREREQUISITES[f.prerequisite].remedies.map(({ protocol, term }) =>
      [protocol, term?.replaceAll(' ', '')].filter((w) => w !== undefined).join(','),
    );
    const needs = words.map((w) => `\`${w}\``).join(' or ');
    this.refuse(p, needs === '' ? `what \`${f.name}\` belongs to` : needs);
    return false;
  }

  private reads(p: Parsed, { field: name }: SubfieldRef): boolean {
    return this.sees(p, field(name));
  }

  private writesTo(p: Parsed, { field: name }: SubfieldRef): boolean {
    const f = field(name);
    if (!this.sees(p, f)) return false;
    if (f.writable) return true;
    const what = `\`${f.name}\` can only be read`;
    this.source.fail(badTarget, { action: p.name, what }, p.start, p.end, {
      switchError: 'OFPBAC_BAD_SET_ARGUMENT',
    });
    return false;
  }

  /** What is learned has to be a match of its own, built from constants. */
  private learns(p: Parsed, specs: readonly LearnSpec[]): boolean {
    const state = new MatchState();
    for (const spec of specs) {
      const from =
        spec.kind === 'output' ? spec.source : spec.source.kind === 'field' ? spec.source.subfield : null;
      if (from !== null && !this.reads(p, from)) return false;
      if (spec.kind === 'output') continue;
      const f = field(spec.destination.field);
      const { packetType, ethType, ipProto, tagged } = state.context;
      const learned: Packet = { packetType, ethType, ipProto, tags: [tagged, false] };
      if (!allows(f, learned, state.context)) {
        const needs = PREREQUISITES[f.prerequisite].terms;
        this.refuse(p, `${needs} before \`${f.name}\`, among the constants that it matches`);
        return false;
      }
      if (spec.kind === 'load' && !f.writable) return this.writesTo(p, spec.destination);
      if (spec.kind === 'match' && spec.source.kind === 'value') {
        const { offset, bits } = spec.destination;
        // Of fields without masks Open vSwitch forgets what is not whole bytes.
        if (!f.maskable && bits !== f.bytes * 8) continue;
        const shift = BigInt(offset);
        const mask = onesOf(bits) << shift;
        state.apply({
          field: f,
          value: spec.source.value << shift,
          mask,
          partial: bits !== f.bytes * 8,
          generic: null,
        });
      }
    }
    return true;
  }

  /** What the packet is afterwards. */
  private follow(p: Parsed, action: Action): void {
    const { packet } = this;
    switch (action.kind) {
      case 'set_field':
        if (action.field === 'vlan_tci') packet.tags[0] = (action.value & 0x1000n) !== 0n;
        else if (p.soft === 'VLAN') packet.tags[0] = true;
        return;
      case 'push_vlan':
        packet.tags = [true, packet.tags[0]];
        return;
      case 'pop_vlan':
        packet.tags = [packet.tags[1], false];
        return;
      case 'push_mpls':
        packet.ethType = action.ethertype;
        packet.ipProto = 0;
        return;
      case 'pop_mpls':
        packet.ethType = action.ethertype;
        return;
      case 'encap':
        this.encap(action.header);
        return;
      case 'decap':
        if (packet.packetType === ETHERNET) packet.packetType = 0x1_0000 + packet.ethType;
        else {
          packet.packetType = UNKNOWN_TYPE;
          packet.ethType = 0xffff;
        }
        return;
      default:
    }
  }

  private encap(header: 'ethernet' | 'mpls' | 'mpls_mc' | 'nsh'): void {
    const { packet } = this;
    const types = { mpls: ETH_TYPE.mpls, mpls_mc: ETH_TYPE.mplsMulticast, nsh: ETH_TYPE.nsh };
    if (header === 'ethernet') packet.packetType = ETHERNET;
    else {
      packet.packetType = 0x1_0000 + types[header];
      packet.ethType = types[header];
    }
    if (packet.ethType !== ETH_TYPE.ipv4 && packet.ethType !== ETH_TYPE.ipv6) packet.ipProto = 0;
  }
}

/** Reports a goto_table that does not lead on from the flow's own table. */
export function leadsOn(source: Source, list: readonly Parsed[], own: number | null): boolean {
  const p = list.find((q) => q.role === 'goto_table');
  const to = p?.table ?? null;
  if (p === undefined || to === null || own === null || own === 255 || to > own) return true;
  const { tables } = source.names;
  if (tables.has(own) || tables.has(to)) return true;
  source.fail(
    notHere,
    { action: p.name, why: `a flow of table ${own} can go to later tables only` },
    p.start,
    p.end,
    {
      switchError: 'OFPBIC_BAD_TABLE_ID',
    },
  );
  return false;
}
