import { describe, expect, it } from 'vitest';
import type { Field, FieldName } from '../../src/openflow/fields.ts';
import { field, fieldByName, FIELDS } from '../../src/openflow/fields.ts';
import { flagBits, nameOfValue, typesOfCode, valueName, valueNames } from '../../src/openflow/names.ts';
import { fieldByHeader, headerFor, headerWord, matchOrder } from '../../src/openflow/oxm.ts';
import { RESERVED_PORTS } from '../../src/openflow/ports.ts';
import type { ImpliedTerm } from '../../src/openflow/protocols.ts';
import {
  genericCandidates,
  impliedTerms,
  isGenericName,
  PREREQUISITES,
  PROTOCOL_NAMES,
  protocolsFor,
  resolveGeneric,
} from '../../src/openflow/protocols.ts';
import { carriers, fromStorage, overlap, overlaps, storage, toStorage } from '../../src/openflow/storage.ts';
import type { OxmHeader, PrerequisiteName } from '../../src/openflow/types.ts';
import { ofctl, parseFlows, parseOxm, refusal } from './ofctl.ts';

const hex = (value: bigint, bytes: number) => value.toString(16).padStart(bytes * 2, '0');
const ones = (bits: number) => (1n << BigInt(bits)) - 1n;

/** A TLV for parse-oxm, its header given as a number so that it is our number that is tried. */
function tlv(f: Field, h: OxmHeader, value: bigint, mask?: bigint) {
  const word = hex(BigInt(headerWord(h, mask !== undefined)), 4);
  const header = h.experimenter === null ? word : word + hex(BigInt(h.experimenter), 4);
  return `${header}(${hex(value, f.bytes)}${mask === undefined ? '' : `/${hex(mask, f.bytes)}`})`;
}

const first = (name: Parameters<typeof field>[0]) => {
  const f = field(name);
  return [f, f.headers[0]!] as const;
};
const term = (name: Parameters<typeof field>[0], value: bigint, mask?: bigint) =>
  tlv(...first(name), value, mask);

/** The terms of a remedy as TLVs. Its source text is one of a few shapes. */
function remedies(p: PrerequisiteName): string[][] {
  return PREREQUISITES[p].remedies.map((r) => {
    const implied: ImpliedTerm[] = r.protocol === undefined ? [] : [...impliedTerms(r.protocol)];
    const tlvs = implied.map((t) => term(t.field, t.value));
    if (r.term !== undefined) {
      const [name, value] = r.term.split(' = ') as [string, string];
      const f = fieldByName(name)!;
      if (value === '+trk-inv') tlvs.push(term('ct_state', 0x20n, 0x30n));
      else if (f.name === 'vlan_tci') tlvs.push(term('vlan_vid', 0x1000n, 0x1000n));
      else tlvs.push(term(f.name, valueName(f, value)!.value));
    }
    return tlvs;
  });
}

/**
 * What the field needs before it. The connection's addresses need their IP version, too, and without ct_nw_proto
 * ovs-ofctl drops the connection's ports.
 */
function before(f: Field): string[] {
  if (f.prerequisite === 'Ethernet') return [];
  const needs = remedies(f.prerequisite)[0] ?? [];
  if (f.name.startsWith('ct_ipv6')) return [...needs, term('eth_type', 0x86ddn)];
  if (f.name === 'ct_nw_src' || f.name === 'ct_nw_dst') return [...needs, term('eth_type', 0x800n)];
  if (f.name.startsWith('ct_tp')) return [...needs, term('ct_nw_proto', 6n)];
  return needs;
}

const withHeaders = FIELDS.filter((f) => f.headers.length > 0);
const plain = withHeaders.filter((f) => !f.name.startsWith('tun_metadata'));

/** A value inside the field's domain, with only its lowest bit set where possible. */
function sample(f: Field): bigint {
  if (f.domain.kind === 'forbidden bits' && (f.domain.bits & 1n) !== 0n) return 4n;
  return 1n;
}

describe('fields', () => {
  it('are 183, each with a name of its own', () => {
    expect(FIELDS).toHaveLength(183);
    expect(FIELDS.map((f) => f.id)).toEqual(FIELDS.map((_, i) => i));
    const names = FIELDS.flatMap((f) => [f.name, ...f.aliases, ...f.headers.map((h) => h.name)]);
    expect(new Set(names).size).toBe(names.length);
    for (const f of FIELDS) for (const n of [f.name, ...f.aliases]) expect(fieldByName(n)).toBe(f);
    expect(fieldByName('NXM_OF_IP_SRC')?.name).toBe('ip_src');
    expect(fieldByName('constructor')).toBeUndefined();
    const last: FieldName[] = ['tun_metadata63', 'reg15', 'xreg7', 'xxreg3'];
    for (const name of last) expect(field(name).name).toBe(name);
    // @ts-expect-error There are 64 of them.
    const beyond: FieldName = 'tun_metadata64';
    expect(fieldByName(beyond)).toBeUndefined();
  });

  it('have headers that the switch reads as the field of that name', () => {
    const cases = plain.flatMap((f) => f.headers.map((h) => ({ f, h })));
    const byNumber = parseOxm(cases.map(({ f, h }) => [...before(f), tlv(f, h, sample(f))].join()));
    const byName = parseOxm(
      cases.map(({ f, h }) => [...before(f), `${h.name}(${hex(sample(f), f.bytes)})`].join()),
    );
    expect(byNumber).toEqual(byName);
    cases.forEach(({ h }, i) => {
      expect.soft(byNumber[i], h.name).not.toMatch(/^(OFPBMC|NXBMC)/);
    });
  });

  it('have tun_metadata headers that the switch knows', () => {
    const md = withHeaders.filter((f) => !plain.includes(f));
    expect(md).toHaveLength(64);
    expect(parseOxm(md.map((f) => tlv(f, f.headers[0]!, 0n)))).toHaveLength(64);
  });

  it('list the header first that ovs-ofctl sends with OpenFlow 1.5', () => {
    const merged = new Set(['vlan_tci', 'in_port', 'nw_tos', 'packet_type']);
    const cases = plain.filter((f) => !merged.has(f.name) && !/^x?x?reg/.test(f.name));
    const answers = parseOxm(
      cases.map((f) => [...before(f), ...f.headers.map((h) => tlv(f, h, sample(f))).slice(-1)].join()),
    );
    cases.forEach((f, i) => {
      expect.soft(answers[i], f.name).toContain(f.headers[0]!.name);
    });
    for (const f of withHeaders) expect(headerFor(f, '1.5')).toBe(f.headers[0]);
  });

  it('are maskable exactly where the switch takes a partial mask', () => {
    const answers = parseOxm(
      plain.map((f) => [...before(f), tlv(f, f.headers[0]!, sample(f), sample(f))].join()),
    );
    plain.forEach((f, i) => {
      const oneBit = f.bits === 1 && f.bytes === 1 && f.domain.kind === 'forbidden bits';
      if (f.maskable) expect.soft(answers[i], f.name).not.toMatch(/^OFPBMC/);
      else if (!oneBit) expect.soft(answers[i], f.name).toBe('OFPBMC_BAD_MASK');
    });
  });

  it('take the values of their domain and no others', () => {
    const good: [Field, bigint][] = [];
    const bad: [Field, bigint][] = [];
    for (const f of plain) {
      const all = ones(f.bytes * 8);
      const d = f.domain;
      if (d.kind === 'any')
        good.push([
          f,
          f.name === 'packet_type'
            ? 0x1894fn
            : f.prerequisite.startsWith('ND') || f.name === 'eth_type' || f.name === 'in_port'
              ? 7n
              : all,
        ]);
      else if (d.kind === 'forbidden bits') {
        good.push([f, f.name === 'ct_state' ? 0x22n : all & ~d.bits]);
        for (let bit = 1n; bit <= all; bit <<= 1n) if ((d.bits & bit) !== 0n) bad.push([f, bit]);
      } else if (d.kind === 'max') {
        good.push([f, 0n], [f, d.max]);
        bad.push([f, d.max + 1n], [f, all]);
      } else if (d.kind === 'one of') {
        for (const v of d.values) good.push([f, v]);
        bad.push([f, 0n], [f, 3n], [f, all]);
      } else {
        good.push([f, 0n], [f, 0xfeffn], [f, 0xffffff00n], [f, 0xffffffffn]);
        bad.push([f, 0xff00n], [f, 0xfffffeffn]);
      }
    }
    const ask = (cases: [Field, bigint][]) =>
      parseOxm(cases.map(([f, v]) => [...before(f), tlv(f, f.headers[0]!, v)].join()));
    ask(good).forEach((a, i) => {
      expect.soft(a, `${good[i]![0].name} = ${good[i]![1]}`).not.toMatch(/^OFPBMC/);
    });
    ask(bad).forEach((a, i) => {
      expect.soft(a, `${bad[i]![0].name} = ${bad[i]![1]}`).toBe('OFPBMC_BAD_VALUE');
    });
  });

  it('are writable exactly where ovs-ofctl lets set_field', () => {
    const values: Partial<Record<Field['format'], string>> = {
      Ethernet: '00:00:00:00:00:01',
      IPv4: '10.0.0.1',
      IPv6: '::1',
      'tunnel flags': 'oam',
      'packet type': '(0,0)',
      'ct state': 'trk',
      'TCP flags': 'syn',
      frag: 'no',
    };
    const match: Partial<Record<PrerequisiteName, string>> = {
      ARP: 'arp,',
      'VLAN VID': 'dl_vlan=1,',
      IPv4: 'ip,',
      IPv6: 'ipv6,',
      'IPv4/IPv6': 'ip,',
      MPLS: 'mpls,',
      NSH: 'dl_type=0x894f,',
      TCP: 'tcp,',
      UDP: 'udp,',
      SCTP: 'sctp,',
      ICMPv4: 'icmp,',
      ICMPv6: 'icmp6,',
      ND: 'icmp6,icmpv6_type=135,',
      'ND solicit': 'icmp6,icmpv6_type=135,',
      'ND advert': 'icmp6,icmpv6_type=136,',
      CT: 'ct_state=+trk+est,',
    };
    for (const f of FIELDS.filter((g) => !/tun_metadata\d\d/.test(g.name))) {
      const value = f.name === 'vlan_vid' ? '4097' : f.name === 'nw_tos' ? '4' : (values[f.format] ?? '1');
      const set = `set_field:${value}->${f.name}`;
      const tagged = f.name.startsWith('dl_vlan') || f.name === 'vlan_vid' ? 'dl_vlan=1,' : '';
      const why = refusal(
        `${tagged}${match[f.prerequisite] ?? ''}actions=${f.name === 'ct_mark' || f.name === 'ct_label' ? `ct(commit,exec(${set}))` : set}`.replace(
          /^actions=ct/,
          'ip,actions=ct',
        ),
      );
      if (f.writable) expect.soft(why, f.name).toBeUndefined();
      else expect.soft(why, f.name).toMatch(/read-only/);
    }
  });

  it('are usable in the flow formats that ovs-ofctl names', () => {
    const usable = (flow: string) => {
      const run = ofctl(['parse-flows', '-'], `${flow},actions=drop\n`);
      const list = /usable protocols: (.*)/.exec(run.out)?.[1] ?? 'none';
      const formats = new Set<string>();
      for (const p of list.split(',')) {
        if (p === 'any') ['1.0', '1.1', 'NXM', '1.2', '1.3', '1.4', '1.5'].forEach((v) => formats.add(v));
        else if (p === 'NXM') formats.add(p);
        else if (p === 'OXM') ['1.2', '1.3', '1.4', '1.5'].forEach((v) => formats.add(v));
        else if (p.startsWith('OpenFlow10')) formats.add('1.0');
        else if (p === 'OpenFlow11') formats.add('1.1');
      }
      return ['1.0', '1.1', 'NXM', '1.2', '1.3', '1.4', '1.5'].filter((v) => formats.has(v));
    };
    for (const [flow, name, kind] of [
      ['dl_dst=00:00:00:00:00:01', 'eth_dst', 'exactIn'],
      ['dl_dst=00:00:00:00:00:01/00:00:00:00:00:01', 'eth_dst', 'maskedIn'],
      ['ip,ip_src=10.0.0.1', 'ip_src', 'exactIn'],
      ['ip,ip_src=10.0.0.0/8', 'ip_src', 'prefixIn'],
      ['ip,ip_src=10.0.0.1/255.0.0.1', 'ip_src', 'maskedIn'],
      ['ipv6,ipv6_src=::1', 'ipv6_src', 'exactIn'],
      ['metadata=1', 'metadata', 'exactIn'],
      ['metadata=1/1', 'metadata', 'maskedIn'],
      ['tcp,tcp_src=80', 'tcp_src', 'exactIn'],
      ['tcp,tcp_src=80/80', 'tcp_src', 'maskedIn'],
      ['sctp,sctp_src=80', 'sctp_src', 'exactIn'],
      ['mpls,mpls_label=5', 'mpls_label', 'exactIn'],
      ['mpls,mpls_bos=1', 'mpls_bos', 'exactIn'],
      ['reg0=1', 'reg0', 'exactIn'],
      ['dl_vlan=1', 'dl_vlan', 'exactIn'],
      ['vlan_vid=1/1', 'vlan_vid', 'maskedIn'],
      ['in_port=1', 'in_port', 'exactIn'],
      ['in_port_oxm=1', 'in_port_oxm', 'exactIn'],
      ['ip,nw_ecn=1', 'nw_ecn', 'exactIn'],
      ['ip,nw_tos=4', 'nw_tos', 'exactIn'],
      ['ip,nw_ttl=4', 'nw_ttl', 'exactIn'],
      ['arp,arp_op=1', 'arp_op', 'exactIn'],
      ['arp,arp_sha=00:00:00:00:00:01', 'arp_sha', 'exactIn'],
    ] as const) {
      expect.soft(usable(flow), flow).toEqual(field(name)[kind]);
    }
    for (const name of ['tun_tos', 'tun_ttl', 'skb_priority'] as const) {
      expect(field(name).exactIn).toEqual([]);
      expect(refusal(`${name}=1,actions=drop`)).toBeDefined();
    }
  });
});

describe('headers', () => {
  it('find their way back to the field', () => {
    for (const f of withHeaders) {
      for (const h of f.headers) expect(fieldByHeader(h.class, h.field, h.experimenter)).toBe(f);
    }
    expect(fieldByHeader(0x8000, 127, null)).toBeUndefined();
  });

  it('differ with the version', () => {
    const name = (f: Parameters<typeof field>[0], v: Parameters<typeof headerFor>[1]) =>
      headerFor(field(f), v)?.name;
    expect(name('tcp_flags', '1.2')).toBe('NXM_NX_TCP_FLAGS');
    expect(name('tcp_flags', '1.3')).toBe('ONFOXM_ET_TCP_FLAGS');
    expect(name('tcp_flags', '1.5')).toBe('OXM_OF_TCP_FLAGS');
    expect(name('tun_id', '1.2')).toBe('NXM_NX_TUN_ID');
    expect(name('eth_src', 'NXM')).toBe('NXM_OF_ETH_SRC');
    expect(name('tun_tos', '1.5')).toBeUndefined();
  });

  it('as numbers are those of the specification', () => {
    expect(headerWord(field('eth_type').headers[0]!)).toBe(0x80000a02);
    expect(headerWord(field('metadata').headers[0]!, true)).toBe(0x80000510);
    expect(headerWord(field('nsh_spi').headers[0]!, true)).toBe(0xffff090c);
  });

  it('come in an order that puts prerequisites first', () => {
    const all = withHeaders.map(matchOrder);
    expect(new Set(all).size).toBe(all.length);
    for (const f of withHeaders.filter(
      (g) => !['none', 'Ethernet', 'CT', 'VLAN VID'].includes(g.prerequisite),
    )) {
      expect(matchOrder(f)).toBeGreaterThan(matchOrder(field('eth_type')));
    }
    expect(matchOrder(field('tcp_dst'))).toBeGreaterThan(matchOrder(field('nw_proto')));
    expect(matchOrder(field('nd_sll'))).toBeGreaterThan(matchOrder(field('icmpv6_code')));
  });
});

describe('prerequisites', () => {
  it('are what the switch insists on', () => {
    const needy = withHeaders.filter((f) => !['none', 'Ethernet'].includes(f.prerequisite));
    const bare = parseOxm(needy.map((f) => tlv(f, f.headers[0]!, sample(f))));
    needy.forEach((f, i) => {
      expect.soft(bare[i], f.name).toBe('OFPBMC_BAD_PREREQ');
    });
    const free = plain.filter((f) => ['none', 'Ethernet'].includes(f.prerequisite));
    const alone = parseOxm(free.map((f) => tlv(f, f.headers[0]!, sample(f))));
    free.forEach((f, i) => {
      expect.soft(alone[i], f.name).not.toBe('OFPBMC_BAD_PREREQ');
    });
  });

  it('are satisfied by each of their remedies', () => {
    const cases = plain.flatMap((f) =>
      (f.prerequisite === 'Ethernet' ? [] : remedies(f.prerequisite)).map((r) => ({ f, r })),
    );
    const answers = parseOxm(cases.map(({ f, r }) => [...r, tlv(f, f.headers[0]!, sample(f))].join()));
    cases.forEach(({ f, r }, i) => {
      expect.soft(answers[i], `${f.name} after ${r.join()}`).not.toMatch(/BAD_PREREQ/);
    });
  });

  it('of Ethernet fail under another packet_type', () => {
    expect(parseOxm([[term('packet_type', 0x1_0800n), term('eth_src', 1n)].join()])).toEqual([
      'OFPBMC_BAD_PREREQ',
    ]);
    expect(parseOxm([[term('packet_type', 0x1_0800n), term('ip_src', 1n)].join()])[0]).toContain('IPV4_SRC');
  });
});

describe('protocols', () => {
  it('mean to ovs-ofctl what we say they imply', () => {
    const say = (t: ImpliedTerm) =>
      t.field === 'packet_type'
        ? `packet_type=(${t.value >> 16n},${t.value & 0xffffn})`
        : `${t.field}=${t.value}`;
    const short = parseFlows(PROTOCOL_NAMES.map((p) => `${p},actions=drop`));
    const long = parseFlows(PROTOCOL_NAMES.map((p) => `${impliedTerms(p).map(say).join()},actions=drop`));
    expect(short).toEqual(long);
    expect(refusal('icmpv6,actions=drop')).toBeDefined();
  });

  it('are found by their numbers', () => {
    expect(protocolsFor(0x0800)).toEqual(['ip', 'ipv4', 'ip4']);
    expect(protocolsFor(0x86dd, 6)).toEqual(['tcp6']);
    expect(protocolsFor(0x894f)).toEqual([]);
  });

  it('decide what a generic name means, as they do for ovs-ofctl', () => {
    const value: Record<string, string> = { nw_src: '10.0.0.1', nw_dst: '10.0.0.1' };
    let tried = 0;
    for (const name of ['nw_src', 'nw_dst', 'nw_proto', 'tp_src', 'tp_dst']) {
      if (!isGenericName(name)) throw new Error(name);
      for (const p of PROTOCOL_NAMES) {
        const number = (n: string) => impliedTerms(p).find((t) => t.field === n)?.value;
        const [ethType, ipProto] = [number('eth_type'), number('nw_proto')].map((n) =>
          n === undefined ? n : Number(n),
        );
        const f = resolveGeneric(name, { ethType, ipProto });
        if (f === undefined || (name === 'nw_proto' && ipProto !== undefined)) continue;
        const v = value[name] ?? '3';
        const [generic, specific] = parseFlows([
          `${p},${name}=${v},actions=drop`,
          `${p},${f.name}=${v},actions=drop`,
        ]);
        expect.soft(generic, `${p},${name}`).toBe(specific);
        expect.soft(generic).toContain(v);
        tried++;
      }
      expect(genericCandidates(name).length).toBeGreaterThan(1);
    }
    expect(tried).toBeGreaterThan(30);
    expect(resolveGeneric('nw_src', { ethType: 0x86dd })).toBeUndefined();
    expect(resolveGeneric('tp_src', { ethType: 0x0800 })).toBeUndefined();
    expect(isGenericName('ip_src')).toBe(false);
  });
});

describe('storage', () => {
  it('says which fields the switch calls duplicates', () => {
    const family = plain.filter((f) => overlaps(f).length > 0 || ['nw_ecn', 'vlan_pcp'].includes(f.name));
    const pairs = family.flatMap((a) =>
      family.filter((b) => b !== a && storage(a).unit === storage(b).unit).map((b) => [a, b] as const),
    );
    expect(pairs.length).toBeGreaterThan(50);
    // Any value will do that satisfies the prerequisite of vlan_pcp.
    const value = (f: Field) =>
      f.name.startsWith('vlan') && f.name !== 'vlan_pcp' ? 0x1001n : f.name === 'nw_tos' ? 4n : 1n;
    const need = (f: Field) => (f.prerequisite === 'IPv4/IPv6' ? [term('eth_type', 0x800n)] : []);
    const order = pairs.filter(([a]) => a.name !== 'vlan_pcp');
    const answers = parseOxm(
      order.map(([a, b]) =>
        [...need(a), tlv(a, a.headers[0]!, value(a)), tlv(b, b.headers[0]!, value(b))].join(),
      ),
    );
    order.forEach(([a, b], i) => {
      if (overlap(a, b)) expect.soft(answers[i], `${a.name}, ${b.name}`).toBe('OFPBMC_DUP_FIELD');
      else expect.soft(answers[i], `${a.name}, ${b.name}`).not.toMatch(/^OFPBMC/);
    });
  });

  it('puts the bits where the switch finds them', () => {
    const at = (name: Parameters<typeof field>[0], v: bigint) => toStorage(field(name), v);
    expect(at('reg0', 1n)).toBe(1n << 96n);
    expect(at('xreg0', 1n)).toBe(at('reg1', 1n));
    expect(at('xreg0', 1n << 32n)).toBe(at('reg0', 1n));
    expect(at('xxreg1', 1n << 64n)).toBe(at('xreg2', 1n));
    expect(storage(field('reg7')).unit).toBe('xxreg1');
    expect(at('nw_tos', 0xb8n)).toBe(at('ip_dscp', 46n));
    expect(at('vlan_pcp', 7n)).toBe(0xe000n);
    expect(at('vlan_vid', 0x100an)).toBe(0x100an);
    expect(at('dl_vlan', 10n) | storage(field('dl_vlan')).implies).toBe(0x100an);
    expect(at('in_port', 0xfffen)).toBe(at('in_port_oxm', 0xfffffffen));
    const lines = ['reg2=1', 'xreg1=0x100000000/0xffffffff00000000', 'ip,nw_tos=184', 'ip,ip_dscp=46'];
    const [reg, xreg, tos, dscp] = parseFlows(lines.map((l) => `${l},actions=drop`));
    expect(reg).toBe(xreg);
    expect(tos).toBe(dscp);
  });

  it('is undone by its inverse', () => {
    for (const f of plain) {
      const v = f.name === 'nw_tos' ? 4n : f.name === 'in_port' ? 0xfffdn : 1n;
      expect(fromStorage(f, toStorage(f, v))).toBe(v);
    }
  });

  it('names the fields that are sent', () => {
    const names = (unit: string, v: Parameters<typeof carriers>[1]) => carriers(unit, v).map((f) => f.name);
    expect(names('xxreg0', '1.5')).toEqual(['xreg0', 'xreg1']);
    expect(names('xxreg0', '1.4')).toEqual(['reg0', 'reg1', 'reg2', 'reg3']);
    expect(names('vlan_tci', '1.5')).toEqual(['vlan_vid', 'vlan_pcp']);
    expect(names('in_port', '1.3')).toEqual(['in_port_oxm']);
    expect(names('tcp_dst', '1.5')).toEqual(['tcp_dst']);
  });
});

describe('value names', () => {
  it('are identifiers, fit their field and lie in its domain', () => {
    for (const f of FIELDS) {
      for (const name of valueNames(f)) {
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
        const v = valueName(f, name)!;
        expect(v.value <= ones(f.bytes * 8), `${f.name} = ${name}`).toBe(true);
        if (v.mask !== undefined) expect(v.value & ~v.mask).toBe(0n);
        if (f.domain.kind === 'forbidden bits') expect(v.value & f.domain.bits).toBe(0n);
      }
      expect(valueName(f, 'toString')).toBeUndefined();
    }
  });

  it('are printed by the name that reads back', () => {
    for (const f of FIELDS) {
      if (flagBits(f) !== undefined) continue;
      for (const name of valueNames(f)) {
        const v = valueName(f, name)!;
        const type = typesOfCode(f, name)?.[0];
        const printed = nameOfValue(f, v.value, type);
        if (printed !== undefined) expect(valueName(f, printed)?.value).toBe(v.value);
        else expect(v.mask, `${f.name} = ${name}`).toBeDefined();
      }
    }
    expect(nameOfValue(field('arp_op'), 1n)).toBe('request');
    expect(nameOfValue(field('icmp_code'), 3n, 3n)).toBe('port_unreachable');
    expect(nameOfValue(field('icmp_code'), 3n)).toBeUndefined();
    expect(nameOfValue(field('ip_frag'), 3n)).toBe('later');
  });

  it('of flags and fragments are those of ovs-ofctl', () => {
    for (const [name, need] of [
      ['ct_state', ''],
      ['tcp_flags', 'tcp,'],
      ['tun_flags', ''],
    ] as const) {
      const bits = [...flagBits(field(name))!];
      const byName = parseFlows(bits.map(([n]) => `${need}${name}=+${n},actions=drop`));
      const byBit = parseFlows(
        bits.map(([, b]) => `${need}${name}=0x${b.toString(16)}/0x${b.toString(16)},actions=drop`),
      );
      expect(byName).toEqual(byBit);
      expect(byName.every((flow, i) => flow.includes(bits[i]![0]))).toBe(true);
    }
    const frag = field('ip_frag');
    const named = parseOxm(
      valueNames(frag).map((n) => {
        const v = valueName(frag, n)!;
        return [term('eth_type', 0x800n), tlv(frag, frag.headers[0]!, v.value, v.mask)].join();
      }),
    );
    expect(named).toHaveLength(5);
    parseFlows(valueNames(frag).map((n) => `ip,ip_frag=${n},actions=drop`)).forEach((flow, i) => {
      expect(flow).toContain(`nw_frag=${valueNames(frag)[i]!}`);
    });
  });

  it('of ports are those of ovs-ofctl', () => {
    const byName = parseFlows(RESERVED_PORTS.map((p) => `in_port=${p.name},actions=drop`));
    expect(parseFlows(RESERVED_PORTS.map((p) => `in_port=${p.number16},actions=drop`))).toEqual(byName);
    expect(parseFlows(RESERVED_PORTS.map((p) => `in_port_oxm=${p.number32},actions=drop`))).toEqual(byName);
    for (const p of RESERVED_PORTS) {
      const why = refusal(`actions=output:${p.name}`);
      if (p.output) expect.soft(why, p.name).toBeUndefined();
      else expect.soft(why, p.name).toBeDefined();
    }
  });
});
