import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import { LEARNED_BIT } from '../../src/ir/identity.ts';
import type { Action } from '../../src/ir/types.ts';
import { accepts, complains, fixed } from './actions-support.ts';

type Learn = Extract<Action, { kind: 'learn' }>;

const learnOf = (source: Parameters<typeof accepts>[0]): Learn => {
  const [action] = accepts(source).apply;
  if (action?.kind !== 'learn') throw new Error('no learn');
  return action;
};

const whole = (field: string, bits: number) => ({ field, offset: 0, bits });
const constant = (kind: 'match' | 'load', field: string, bits: number, value: bigint, offset = 0) => ({
  kind,
  source: { kind: 'value', value },
  destination: { field, offset, bits },
});

/** A learned match, in a flow for UDP. */
const inMatch = (text: string) => ({ match: 'udp', action: `learn { match { ${text} } }` });
const inAction = (text: string, match = '') => ({
  action: `learn { match { ${match} } action { ${text} } }`,
});

describe('learn', () => {
  test('has defaults for everything but what is learned', () => {
    expect(
      learnOf({ action: 'learn { match { eth_dst = pkt.eth_src } action { output pkt.in_port } }' }),
    ).toMatchObject({
      table: 1,
      priority: 0x8000,
      idleTimeout: 0,
      hardTimeout: 0,
      finIdleTimeout: 0,
      finHardTimeout: 0,
      sendFlowRem: false,
      deleteLearned: false,
      limit: 0,
      result: null,
      specs: [
        {
          kind: 'match',
          source: { kind: 'field', subfield: whole('eth_src', 48) },
          destination: whole('eth_dst', 48),
        },
        { kind: 'output', source: whole('in_port', 16) },
      ],
    });
  });

  test('arguments', () => {
    const cookie = '0x9876f00000000001';
    const found = learnOf({
      before: 'program p { id = 0x9876f }',
      action: `learn(table = acl, priority = 7, idle_timeout = 5m, hard_timeout = 1h, fin_idle_timeout = 1s, fin_hard_timeout = 2,
        cookie = ${cookie}, send_flow_rem, delete_learned, limit = 10, result_dst = reg0[3]) { }`,
    });
    expect(found).toEqual({
      kind: 'learn',
      table: 5,
      priority: 7,
      idleTimeout: 300,
      hardTimeout: 3600,
      finIdleTimeout: 1,
      finHardTimeout: 2,
      cookie: BigInt(cookie),
      sendFlowRem: true,
      deleteLearned: true,
      limit: 10,
      result: { field: 'reg0', offset: 3, bits: 1 },
      specs: [],
    });
  });

  test('arguments out of range', () => {
    complains({ action: 'learn(priority = «65536», limit = «0x100000000») { }' }, 'WBF2114', 'WBF2114');
    complains(
      { action: 'learn(idle_timeout = «65536s», fin_hard_timeout = «20h») { }' },
      'WBF2114',
      'WBF2114',
    );
    complains({ action: 'learn(cookie = «0xffffffffffffffff») { }' }, 'WBF5107');
    complains({ action: 'learn(cookie = «1») { }' }, 'WBF5108');
    complains({ action: 'learn(table = «9») { }' }, 'WBF2010');
    complains({ action: 'learn(table = «254») { }' }, 'WBF2010');
    complains({ action: '«learn» { }', table: 3 }, 'WBF2010');
    complains({ action: 'learn(result_dst = «reg0») { }' }, 'WBF4012');
    complains({ action: 'learn(result_dst = «ct_state[0]») { }' }, 'WBF4004');
    complains({ action: 'learn(result_dst = «nw_ttl[0]») { }' }, 'WBF5308');
    complains({ match: 'ip', action: 'learn(result_dst = «ct_mark[0]») { }' }, 'WBF4013');
    complains({ match: 'eth_type = nsh', action: 'learn(result_dst = «nsh_c1[0]») { }' }, 'WBF4327');
    complains({ action: '«learn»' }, 'WBF4205');
  });

  test('parts in the order of the text', () => {
    const { specs } = learnOf({
      match: 'udp',
      action:
        'learn { match { udp; udp_dst = pkt.udp_src } action { reg0[4..7] = 5 } match { vlan_tci[0..12] = pkt.vlan_tci[0..12] } action { reg1 = pkt.reg2; output pkt.reg3[0..15] } }',
    });
    expect(specs).toEqual([
      constant('match', 'eth_type', 16, 0x800n),
      constant('match', 'nw_proto', 8, 17n),
      {
        kind: 'match',
        source: { kind: 'field', subfield: whole('udp_src', 16) },
        destination: whole('udp_dst', 16),
      },
      constant('load', 'reg0', 4, 5n, 4),
      {
        kind: 'match',
        source: { kind: 'field', subfield: whole('vlan_tci', 13) },
        destination: whole('vlan_tci', 13),
      },
      {
        kind: 'load',
        source: { kind: 'field', subfield: whole('reg2', 32) },
        destination: whole('reg1', 32),
      },
      { kind: 'output', source: whole('reg3', 16) },
    ]);
  });

  test('names stand for themselves', () => {
    const before = 'register zone = reg3[8..23]\nport uplink = 3\nconst five = 5';
    const { specs } = learnOf({
      before,
      match: 'ip',
      action:
        'learn { match { ip; nw_src = pkt.nw_dst; in_port = uplink; ip_proto = tcp } action { zone = five; reg0[0..15] = pkt.zone } }',
    });
    expect(specs).toEqual([
      constant('match', 'eth_type', 16, 0x800n),
      {
        kind: 'match',
        source: { kind: 'field', subfield: whole('ip_dst', 32) },
        destination: whole('ip_src', 32),
      },
      constant('match', 'in_port', 16, 3n),
      constant('match', 'nw_proto', 8, 6n),
      constant('load', 'reg3', 16, 5n, 8),
      {
        kind: 'load',
        source: { kind: 'field', subfield: { field: 'reg3', offset: 8, bits: 16 } },
        destination: whole('reg0', 16),
      },
    ]);
  });

  test('a word that has been said is not said again', () => {
    const { specs } = learnOf({ action: 'learn { match { ip; tcp } }' });
    expect(specs).toEqual([constant('match', 'eth_type', 16, 0x800n), constant('match', 'nw_proto', 8, 6n)]);
    complains({ action: 'learn { match { ip; «arp» } }' }, 'WBF4328');
  });

  test('`drop` is the absence of actions', () => {
    expect(learnOf({ action: 'learn { match { ip } action { drop } }' }).specs).toHaveLength(1);
    complains({ action: 'learn { action { «drop»; reg0 = 1 } }' }, 'WBF4303');
  });

  test('where it may stand', () => {
    accepts({ action: 'clone { learn { } }' });
    complains({ action: 'write_actions { «learn { }» }' }, 'WBF4308');
    complains({ match: 'ip', action: 'ct(commit) { «learn { }» }' }, 'WBF4502');
    complains({ action: 'conjunction(1, 1/2); «learn { }»' }, 'WBF4310');
  });
});

describe('the packet that is learned from', () => {
  test('has what the flow matches', () => {
    complains({ action: 'learn { match { reg0[0..15] = «pkt.tcp_dst» } }' }, 'WBF4001');
    complains({ action: 'learn { action { output «pkt.tcp_dst» } }' }, 'WBF4001');
    complains(
      { match: 'tcp', action: 'push_mpls 0x8847; learn { match { reg0 = «pkt.ip_src» } }' },
      'WBF4002',
    );
    accepts({
      match: 'tcp',
      action: 'learn { match { reg0[0..15] = pkt.tcp_dst } action { output pkt.tcp_dst } }',
    });
  });

  test('is `pkt`', () => {
    const [d] = complains(
      { action: 'learn { match { eth_dst = «eth_src» } action { output «in_port» } }' },
      'WBF4322',
      'WBF4322',
    );
    expect(d?.message).toContain('`pkt.eth_src`');
    expect(fixed({ action: 'learn { match { eth_dst = eth_src } }' })).toContain('eth_dst = pkt.eth_src');
    complains(inMatch('«udp_dst»'), 'WBF3006');
    expect(fixed(inMatch('udp_dst'))).toContain('udp_dst = pkt.udp_dst');
    complains(inAction('reg0 = «reg1[0..31]»'), 'WBF4322');
    complains({ action: 'reg0 = «pkt.reg1»; normal' }, 'WBF2008');
  });

  test('gives as many bits as are taken', () => {
    complains(inMatch('udp; udp_dst = «pkt.ip_src»'), 'WBF4006');
    complains(inAction('reg0[0..3] = «pkt.reg1[0..4]»'), 'WBF4006');
  });

  test('has fields whose number fits', () => {
    complains({ match: 'eth_type = nsh', action: 'learn { match { reg0 = «pkt.nsh_c1» } }' }, 'WBF4327');
    complains(
      { match: 'eth_type = nsh', action: 'learn { match { eth_type = nsh; «nsh_c1» = pkt.reg0 } }' },
      'WBF4327',
    );
  });
});

describe('the learned flow', () => {
  test('says what it needs before it', () => {
    const [d] = complains(inMatch('«udp_dst» = pkt.udp_src; ip_src = pkt.ip_dst'), 'WBF4324');
    expect(d?.help).toContain('`udp` or `udp6`');
    expect(d?.switchError).toBe('OFPBAC_MATCH_INCONSISTENT');
    expect(d?.related).toHaveLength(1);
    complains(inMatch('«udp_dst» = pkt.udp_src; udp'), 'WBF4324');
    // What comes from the packet tells nothing.
    complains(inMatch('eth_type = pkt.eth_type; «ip_src» = pkt.ip_src'), 'WBF4324');
    complains({ action: 'learn { action { «nw_ttl» = 5 } match { ip } }' }, 'WBF4324');
    complains({ action: 'learn { match { ip; «ct_nw_src» = 10.0.0.1 } }' }, 'WBF4324');
    accepts({ action: 'learn { match { ip; ct_state[5] = 1; ct_state[4] = 0; ct_nw_src = 10.0.0.1 } }' });
    accepts({ action: 'learn { match { ip } action { nw_ttl = 5 } }' });
  });

  test('has no masks', () => {
    complains({ action: 'learn { match { ip; ip_dst = «10.0.0.0/8» } }' }, 'WBF4323');
    complains({ action: 'learn { match { ct_state = «+trk» } }' }, 'WBF4323');
    complains(inAction('reg0 = «1/3»'), 'WBF4323');
    accepts({ action: 'learn { match { ip; ip_dst[8..31] = 0x0a0000 } }' });
  });

  test('is forgotten in part where a field has no mask', () => {
    for (const [term, before] of [
      ['ip_dscp = 3', 'ip'],
      ['nw_ecn = 3', 'ip'],
      ['mpls_label = 3', 'mpls'],
      ['mpls_tc = 3', 'mpls'],
      ['mpls_bos = 1', 'mpls'],
      ['nw_ttl[0..3] = 3', 'ip'],
      ['eth_type[0..7] = 3', ''],
      ['in_port[0..3] = 3', ''],
      ['vlan_pcp = 3', 'vlan_tci[12] = 1'],
      ['vlan_pcp = pkt.vlan_tci[13..15]', 'vlan_tci[12] = 1'],
    ] as const) {
      const [name = '', value = ''] = term.split(' = ');
      complains({ action: `learn { match { ${before}; «${name}» = ${value} } }` }, 'WBF4325');
    }
    accepts({
      action: 'learn { match { ip; nw_tos = 184; nw_ttl = 3; ip_proto = 5; in_port = 3; ip_src[3..5] = 1 } }',
    });
  });

  test('is unreadable with some writes', () => {
    for (const name of ['vlan_vid', 'in_port_oxm', 'ct_mark', 'ct_label', 'vlan_vid[0..3]']) {
      complains(inAction(`«${name}» = 5`), 'WBF4326');
    }
    complains(inAction('«in_port_oxm» = pkt.reg0'), 'WBF4326');
    complains(inAction('«eth_type» = 5'), 'WBF4004');
    accepts(inAction('in_port = 5; vlan_tci[0..12] = 0x1005; vlan_tci = pkt.vlan_tci'));
    complains({ action: 'learn { match { vlan_tci[13..15] = 1; «vlan_tci[0..11]» = 5 } }' }, 'WBF3017');
    accepts({ action: 'learn { match { vlan_tci[13..15] = 1; vlan_tci[0..12] = 0x1005 } }' });
  });

  test('matches each bit once', () => {
    complains({ action: 'learn { match { reg0[0..7] = 1; «reg0[4..9]» = 2 } }' }, 'WBF4328');
    complains({ action: 'learn { match { xreg0 = 1; «reg1» = 2 } }' }, 'WBF4328');
    complains({ action: 'learn { match { vlan_tci[0..12] = 0x1001; «vlan_vid» = 2 } }' }, 'WBF4328');
    complains({ action: 'learn { match { in_port = 1; «in_port_oxm» = 2 } }' }, 'WBF4328');
    accepts({ action: 'learn { match { reg0[0..7] = 1; reg0[8..9] = 2; vlan_vid = 5; vlan_tci[12] = 1 } }' });
  });

  test('matches no VLAN 0', () => {
    complains({ action: 'learn { match { «vlan_vid» = 0 } }' }, 'WBF4329');
    accepts({ action: 'learn { match { vlan_tci[12] = 1; vlan_vid = 0 } action { vlan_pcp = 3 } }' });
    accepts({ action: 'learn { match { vlan_vid = 0; vlan_tci[12] = 1 } action { vlan_pcp = 3 } }' });
    complains({ action: 'learn { match { vlan_vid = «none» } }' }, 'WBF4206');
    expect(learnOf({ action: 'learn { match { vlan_vid = 10 } }' }).specs).toEqual([
      constant('match', 'vlan_vid', 12, 10n),
    ]);
    expect(learnOf({ action: 'learn { match { vlan_vid[4..7] = 10 } }' }).specs).toEqual([
      constant('match', 'vlan_vid', 4, 10n, 4),
    ]);
  });

  test('matches nothing that the switch keeps for itself', () => {
    complains(
      { action: 'learn { match { «recirc_id» = 5; «dp_hash» = pkt.dp_hash } }' },
      'WBF3009',
      'WBF3009',
    );
    complains({ action: 'learn { match { «tun_metadata0» = 5 } }' }, 'WBF3010');
  });

  test('does little', () => {
    for (const what of ['flood', 'resubmit(,5)', 'group 1', 'learn { }']) {
      complains(inAction(`«${what}»`), 'WBF4321');
    }
    complains(inAction('output «5»'), 'WBF4206');
    complains(inAction('«output»'), 'WBF4205');
    complains({ action: 'learn { «reg0 = 5» }' }, 'WBF4321');
    complains({ action: 'learn { «output 5» }' }, 'WBF4321');
    complains(inMatch('«tpc»'), 'WBF3005');
    complains(inAction('reg0 «in» 5'), 'WBF4008');
    complains(inMatch('reg0 «!=» 5'), 'WBF3314');
  });
});

describe('the cookie of a learned flow', () => {
  const cookies = (flow: string): { flow: bigint; learned: bigint[] } => {
    const { program, diagnostics } = compile({
      path: 'p.wbf',
      text: `program p { id = 0x77 }\ntable t = 1 { miss = drop; ${flow} }`,
    });
    expect(diagnostics).toEqual([]);
    const found = [...(program?.flows ?? [])].find((f) => f.instructions.apply.length > 0);
    const all = (actions: readonly Action[]): bigint[] =>
      actions.flatMap((a) => (a.kind === 'learn' ? [a.cookie] : a.kind === 'clone' ? all(a.actions) : []));
    return { flow: found?.cookie ?? 0n, learned: all(found?.instructions.apply ?? []) };
  };

  test('is that of its flow, with a bit', () => {
    for (const name of ['a', 'b', '']) {
      const { flow, learned } = cookies(
        `flow ${name} { match { } action { learn { }; clone { learn { } } } }`,
      );
      expect(learned).toEqual([flow | LEARNED_BIT, flow | LEARNED_BIT]);
      expect(flow & LEARNED_BIT).toBe(0n);
    }
    const stated = cookies('flow a { cookie = 0x7700000000005; match { } action { learn { } } }');
    expect(stated).toEqual({ flow: 0x7700000000005n, learned: [0x7700000000005n | LEARNED_BIT] });
  });

  test('may be stated', () => {
    const { flow, learned } = cookies('flow a { match { } action { learn(cookie = 0x7700000000009) { } } }');
    expect(learned).toEqual([0x7700000000009n]);
    expect(flow).not.toBe(learned[0]);
  });
});
