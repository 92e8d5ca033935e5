import { describe, expect, test } from 'vitest';
import { accepts, compileText, complains, fixed, program } from './actions-support.ts';

const apply = (source: Parameters<typeof accepts>[0]) => accepts(source).apply;
const NOTHING = { apply: [], clear: false, write: null, writeMetadata: null, goto: null };
const out = (port: number) => ({ kind: 'output', port, maxLen: 0xffff });

describe('instructions', () => {
  test('all of them, in order', () => {
    expect(
      accepts({
        action: 'output 1; clear_actions; write_actions { output 2 }; write_metadata 0x10/0xf0; goto acl',
      }),
    ).toEqual({
      apply: [out(1)],
      clear: true,
      write: [out(2)],
      writeMetadata: { value: 0x10n, mask: 0xf0n },
      goto: 5,
    });
    expect(accepts({ action: 'drop' })).toEqual(NOTHING);
    expect(accepts({ action: 'goto 7' })).toEqual({ ...NOTHING, goto: 7 });
    expect(accepts({ action: 'write_metadata 5' }).writeMetadata).toEqual({ value: 5n, mask: null });
  });

  test('the order of the source is the order of execution', () => {
    const [d] = complains({ action: 'write_metadata 5; «output 1»; output 2' }, 'WBF4305');
    expect(d?.message).toBe(
      '`output` stands behind `write_metadata`, and the switch would execute it before',
    );
    expect(d?.related.map((r) => r.message)).toEqual(['executed after it']);
    complains({ action: 'goto acl; «reg0 = 5»; output 2' }, 'WBF4305');
    complains({ action: 'goto acl; «write_actions { output 1 }»' }, 'WBF4305');
    complains({ action: 'write_actions { output 1 }; «clear_actions»' }, 'WBF4305');
    // What an unknown word would do, nobody knows.
    complains({ action: 'goto acl; «frobnicate»' }, 'WBF4201');
    complains({ action: 'write_metadata 5; «goto_table» acl' }, 'WBF4202');
    // What stands behind is checked all the same.
    complains(
      { action: 'goto acl; «output 1»; ip_proto = 5'.replace('ip_proto', '«ip_proto»') },
      'WBF4305',
      'WBF4004',
    );
  });

  test('one of each', () => {
    const [d] = complains({ action: 'goto acl; «goto last»' }, 'WBF4306');
    expect(d?.switchError).toBe('OFPBIC_DUP_INST');
    complains({ action: 'write_actions { output 1 }; «write_actions { output 2 }»' }, 'WBF4306');
    complains({ action: 'clear_actions; «clear_actions»' }, 'WBF4306');
    complains({ action: 'write_metadata 1; «write_metadata 2»' }, 'WBF4306');
  });

  test('goto leads forward, to a declared table', () => {
    const [d] = complains({ table: 8, action: 'goto «here»' }, 'WBF4313');
    expect(d?.switchError).toBe('OFPBIC_BAD_TABLE_ID');
    complains({ table: 6, action: 'goto «acl»' }, 'WBF4313');
    complains({ action: 'goto «9»' }, 'WBF2010');
    complains({ action: 'goto «alc»' }, 'WBF2005');
    complains({ action: '«goto»' }, 'WBF4205');
    complains({ action: '«goto_table» acl' }, 'WBF4202');
    expect(fixed({ action: 'goto_table acl' })).toContain('{ goto acl }');
  });

  test('write_metadata', () => {
    complains({ action: 'write_metadata «0x15/0xf0»' }, 'WBF2118');
    complains({ action: 'write_metadata «0x10000000000000000»' }, 'WBF2101');
    complains({ action: 'write_metadata «5/0»'.replace('5/0', '0/0') }, 'WBF4009');
    complains({ action: '«write_metadata»' }, 'WBF4205');
  });

  test('in blocks there are none', () => {
    const [d] = complains({ action: 'clone { «goto acl» }' }, 'WBF4307');
    expect(d?.switchError).toBe('OFPBIC_UNSUP_INST');
    complains({ action: 'write_actions { «clear_actions»; output 1 }' }, 'WBF4307');
  });
});

describe('drop', () => {
  test('stands alone', () => {
    const [d] = complains({ action: 'output 1; «drop»' }, 'WBF4303');
    expect(d?.notes).toEqual([]);
    const [w] = complains({ action: 'write_actions { output 1 }; «drop»' }, 'WBF4303');
    expect(w?.notes).toHaveLength(1);
    complains({ action: 'drop; «drop»' }, 'WBF4303');
    complains({ action: 'clone { «drop» }' }, 'WBF4304');
    complains({ action: 'write_actions { «drop» }' }, 'WBF4304');
    complains({ action: 'drop «5»' }, 'WBF4206');
  });

  test('is written out', () => {
    const { diagnostics, instructions } = compileText('flow { match {} action {} }');
    expect(instructions).toBeNull();
    expect(diagnostics.map((d) => [d.code, d.place.start, d.place.end])).toEqual([['WBF4301', 16, 25]]);
    expect(diagnostics[0]?.fixes[0]?.edits).toEqual([{ file: 0, start: 24, end: 24, newText: 'drop ' }]);
  });
});

describe('write_actions', () => {
  test('takes what an action set takes', () => {
    const action =
      'write_actions { pop_vlan; pop_mpls 0x800; push_mpls 0x8847; push_vlan 0x8100; dec_mpls_ttl; dec_nsh_ttl; reg0 = 5; reg1 = reg0; set_queue 1; group 1 }';
    expect(accepts({ match: 'mpls', action }).write).toHaveLength(10);
    expect(
      accepts({ match: 'ip', action: 'write_actions { dec_ttl; ct(commit) { ct_mark = 1 } }' }).write,
    ).toHaveLength(2);
    expect(accepts({ action: 'write_actions { controller(max_len = 5) }' }).write).toHaveLength(1);
    expect(accepts({ action: 'write_actions { resubmit(,5) }' }).write).toHaveLength(1);
    expect(accepts({ action: 'write_actions { normal }' }).write).toHaveLength(1);
  });

  test.each([
    'note "01"',
    'clone { output 1 }',
    'exit',
    'push reg0',
    'pop reg0',
    'pop_queue',
    'enqueue(port = 1, queue = 1)',
    'fin_timeout(idle_timeout = 5)',
    'meter 1',
    'output reg0[0..15]',
    'output(port = 1, max_len = 64)',
    'controller(id = 5)',
    'conjunction(1, 1/2)',
  ])('not %s', (statement) => {
    const [d] = complains({ match: 'tcp', action: `write_actions { «${statement}» }` }, 'WBF4308');
    expect(d?.switchError).toBe('OFPBAC_BAD_TYPE');
  });

  test('one of each kind is executed', () => {
    const [d] = complains({ action: 'write_actions { «output 1»; output 2 }' }, 'WBF4309');
    expect(d?.severity).toBe('warning');
    complains({ action: 'write_actions { group 1; «output 2» }' }, 'WBF4309');
    complains({ action: 'write_actions { «resubmit(,5)»; output 2 }' }, 'WBF4309');
    complains({ action: 'write_actions { «push_vlan 0x8100»; push_vlan 0x88a8; output 2 }' }, 'WBF4309');
    complains({ action: 'write_actions { «normal»; «output 2»; group 3 }' }, 'WBF4309', 'WBF4309');
  });

  test('is not empty', () => {
    const [d] = complains({ action: 'write_actions «{}»; goto acl' }, 'WBF4302');
    expect(d?.severity).toBe('warning');
    complains({ action: '«write_actions»' }, 'WBF4205');
  });
});

describe('conjunction', () => {
  test('one or several, with notes', () => {
    expect(apply({ action: 'conjunction(10, 1/2); conjunction(11, 3/64); note "01"' })).toMatchObject([
      { kind: 'conjunction', id: 10, clause: 1, clauses: 2 },
      { kind: 'conjunction', id: 11, clause: 3, clauses: 64 },
      { kind: 'note' },
    ]);
  });

  test('no other company', () => {
    const [d] = complains({ action: 'conjunction(10, 1/2); «output 1»; output 2' }, 'WBF4310');
    expect(d?.switchError).toBe('NXBAC_BAD_CONJUNCTION');
    complains({ action: 'conjunction(10, 1/2); «goto acl»' }, 'WBF4310');
    complains({ action: '«reg0 = 5»; conjunction(10, 1/2)' }, 'WBF4310');
    complains({ action: 'clone { conjunction(10, 1/2); «output 1» }' }, 'WBF4310');
    complains({ action: 'conjunction(10, 1/2); «drop»' }, 'WBF4303');
  });

  test('clauses that exist', () => {
    for (const clause of ['0/2', '3/2', '1/1', '1/65']) {
      const [d] = complains({ action: `conjunction(10, «${clause}»)` }, 'WBF4311');
      expect(d?.switchError).toBe('NXBAC_BAD_CONJUNCTION');
    }
    complains({ action: 'conjunction(10, «1»)' }, 'WBF4311');
    complains({ action: '«conjunction»(10)' }, 'WBF4205');
    complains({ action: 'conjunction(«0x100000000», 1/2)' }, 'WBF2114');
  });
});

describe('flow control', () => {
  test('resubmit', () => {
    const before = 'port uplink = 3';
    expect(
      apply({
        before,
        match: 'ip; ct_state = +trk+new',
        action:
          'resubmit(,5); resubmit(uplink, acl); resubmit(3); resubmit(in_port); resubmit(,5,ct); resubmit(table = 7)',
      }),
    ).toEqual([
      { kind: 'resubmit', port: null, table: 5, ct: false },
      { kind: 'resubmit', port: 3, table: 5, ct: false },
      { kind: 'resubmit', port: 3, table: null, ct: false },
      { kind: 'resubmit', port: null, table: null, ct: false },
      { kind: 'resubmit', port: null, table: 5, ct: true },
      { kind: 'resubmit', port: null, table: 7, ct: false },
    ]);
    expect(apply({ action: 'resubmit(local, 5)' })).toMatchObject([{ port: 0xfffe }]);
    complains({ action: '«resubmit(,)»' }, 'WBF4205');
    complains({ action: '«resubmit»' }, 'WBF4205');
    complains({ action: 'resubmit(,«9»)' }, 'WBF2010');
    complains({ action: 'resubmit(,5,«c»)' }, 'WBF4208');
  });

  test('resubmit with ct needs a connection', () => {
    const [d] = complains({ match: 'ip', action: 'resubmit(,5,«ct»)' }, 'WBF4001');
    expect(d?.switchError).toBe('OFPBAC_MATCH_INCONSISTENT');
    expect(fixed({ match: 'ip', action: 'resubmit(,5,ct)' })).toContain('match { ct_state = +trk-inv; ip');
    complains({ match: 'ip; ct_state = +trk', action: 'resubmit(,5,«ct»)' }, 'WBF4003');
  });

  test('clone', () => {
    expect(apply({ action: 'clone { output 1 }; output 2' })).toEqual([
      { kind: 'clone', actions: [out(1)] },
      out(2),
    ]);
    complains({ action: 'clone «{}»; output 1' }, 'WBF4302');
    complains({ action: '«clone»; output 1' }, 'WBF4205');
  });

  test('push and pop', () => {
    expect(
      apply({
        before: 'register zone = reg3[0..15]',
        action: 'push reg0[0..15]; pop zone; push metadata; pop xreg1',
      }),
    ).toEqual([
      { kind: 'push', source: { field: 'reg0', offset: 0, bits: 16 } },
      { kind: 'pop', destination: { field: 'reg3', offset: 0, bits: 16 } },
      { kind: 'push', source: { field: 'metadata', offset: 0, bits: 64 } },
      { kind: 'pop', destination: { field: 'xreg1', offset: 0, bits: 64 } },
    ]);
    complains({ action: 'push «tcp_dst»' }, 'WBF4001');
    complains({ action: 'pop «eth_type»' }, 'WBF4004');
    complains({ action: '«push»' }, 'WBF4205');
    complains({ action: 'push «5»' }, 'WBF4206');
  });

  test('exit ends it', () => {
    expect(apply({ action: 'output 1; exit' })).toEqual([out(1), { kind: 'exit' }]);
    const [d] = complains({ action: 'exit; «output 1»; output 2' }, 'WBF4312');
    expect(d?.severity).toBe('warning');
    complains({ action: 'exit; «goto acl»' }, 'WBF4312');
  });

  test('fin_timeout', () => {
    expect(apply({ match: 'tcp', action: 'fin_timeout(idle_timeout = 5s, hard_timeout = 10)' })).toEqual([
      { kind: 'fin_timeout', idle: 5, hard: 10 },
    ]);
    expect(apply({ match: 'tcp', action: 'fin_timeout(idle_timeout = 1m)' })).toEqual([
      { kind: 'fin_timeout', idle: 60, hard: 0 },
    ]);
    complains({ match: 'tcp', action: '«fin_timeout»()' }, 'WBF4205');
    complains({ match: 'tcp', action: 'fin_timeout(idle_timeout = «70000»)' }, 'WBF2114');
    complains({ match: 'ip', action: '«fin_timeout»(idle_timeout = 5)' }, 'WBF4001');
  });
});

describe('names', () => {
  test('unknown ones suggest the nearest', () => {
    const [d] = complains({ action: '«outptu» 1' }, 'WBF4201');
    expect(d?.message).toBe('there is no action called `outptu`; did you mean `output`?');
    expect(fixed({ action: 'outptu 1' })).toContain('{ output 1 }');
    complains({ action: '«frobnicate»' }, 'WBF4201');
    complains({ action: '«NORMAL»' }, 'WBF2002');
    complains({ action: '«nromal»' }, 'WBF4201');
  });

  test('what is written another way', () => {
    complains({ action: '«mod_dl_src» 02:00:00:00:00:01' }, 'WBF4202');
    expect(fixed({ action: 'mod_dl_src 02:00:00:00:00:01' })).toContain('{ eth_src = 02:00:00:00:00:01 }');
    expect(fixed({ action: 'set_tunnel 5' })).toContain('{ tun_id = 5 }');
    expect(fixed({ match: 'udp', action: 'mod_tp_dst 53' })).toContain('{ udp_dst = 53 }');
    complains({ action: '«set_field»' }, 'WBF4202');
    complains({ action: '«load»; «move»' }, 'WBF4202', 'WBF4202');
    complains({ action: '«set_vlan_vid» 5' }, 'WBF4202');
  });

  test('operands as ovs-ofctl has them', () => {
    const write: Record<string, string> = {
      'load 5 reg0': 'reg0 = 5',
      'set_field 5 reg0': 'reg0 = 5',
      'move reg0 reg1': 'reg1 = reg0',
      'load:5->reg0[]': 'reg0 = 5',
      'load(5, reg0[0..3])': 'reg0[0..3] = 5',
      'mod_dl_src:02:00:00:00:00:01': 'eth_src = 02:00:00:00:00:01',
    };
    for (const [action, instead] of Object.entries(write)) {
      const [name = ''] = /^\w+/.exec(action) ?? [];
      const rest = action.slice(name.length);
      const [d] = complains({ action: `«${name}»${rest}; normal` }, 'WBF4202');
      expect(d?.message).toContain(`\`${instead}\``);
      expect(fixed({ action: `${action}; normal` })).toContain(`{ ${instead}; normal }`);
    }
    const [d] = complains({ action: '«load»:5->NXM_NX_REG0[]; normal' }, 'WBF4202');
    expect(d?.fixes).toEqual([]);
  });

  test('a fix leads to something that holds', () => {
    const fixes = (match: string, action: string): number =>
      complains({ match, action }, 'WBF4202')[0]!.fixes.length;
    expect(fixed({ match: 'ip', action: 'set_ttl 5; normal' })).toContain('{ nw_ttl = 5; normal }');
    expect(fixed({ match: 'vlan_vid = 3', action: 'set_vlan_vid 5' })).toContain('{ vlan_vid = 5 }');
    expect(fixes('', '«set_vlan_vid» 5')).toBe(0);
    expect(fixes('tcp; ip_frag = later', '«mod_tp_dst» 5')).toBe(0);
    // It takes the whole byte.
    expect(fixes('ip', '«mod_nw_tos» 32')).toBe(0);
    const [d] = complains({ action: '«mod_nw_src» 5' }, 'WBF4202');
    expect(d?.message).toContain(': `ip_src = 5`');
  });

  test('what a refused action does is not known', () => {
    complains({ action: '«set_field» 5 vlan_vid; pop_vlan; normal' }, 'WBF4202');
    complains({ action: '«load» 5 vlan_vid; vlan_pcp = 2; normal' }, 'WBF4202');
    complains({ action: '«push_vlna» 0x8100; vlan_vid = 5; normal' }, 'WBF4201');
    complains({ action: '«PUSH_VLAN» 0x8100; vlan_vid = 5; normal' }, 'WBF2002');
    complains({ action: '«tcp»; tcp_dst = 80; normal' }, 'WBF4204');
    // These have no effect on what the rest needs.
    complains({ action: '«mod_dl_src» 5; «tcp_dst» = 80; normal' }, 'WBF4202', 'WBF4001');
    complains({ action: '«outptu» 1; «tcp_dst» = 80; normal' }, 'WBF4201', 'WBF4001');
  });

  test('the clauses of a conjunction apart', () => {
    const match = 'ip; ip_src = 10.0.0.1';
    const [d] = complains({ match, action: 'conjunction(id=5, «clause=1, clauses=2»)' }, 'WBF4311');
    expect(d?.help).toBe('write `conjunction(5, 1/2)`');
    expect(fixed({ match, action: 'conjunction(id=5, clause=1, clauses=2)' })).toContain(
      '{ conjunction(5, 1/2) }',
    );
    complains({ match, action: 'conjunction(5, «1, 2»)' }, 'WBF4311');
  });

  test('a block that nests too deep is not empty', () => {
    const action = `${'clone { '.repeat(200)}output 1${' }'.repeat(200)}`;
    expect(compileText(program({ action }), true, false).diagnostics).toEqual([]);
  });

  test('what the parser has said is not said again', () => {
    for (const action of [
      'output:2',
      'output : 2; normal',
      'resubmit:2; group:3',
      'push_vlan:0x8100; normal',
    ]) {
      expect(compileText(program({ action }), true, false).diagnostics, action).toEqual([]);
    }
  });

  test('actions for tests of the switch', () => {
    const [d] = complains({ action: '«debug_slow»; normal' }, 'WBF4213');
    expect(d?.switchError).toBe('OFPBAC_BAD_VENDOR_TYPE');
    complains({ action: '«debug_recirc»; normal' }, 'WBF4213');
  });

  test('actions that give a value', () => {
    for (const name of ['multipath', 'bundle_load', 'check_pkt_larger']) {
      const [d] = complains({ action: `«${name}»; normal` }, 'WBF4202');
      expect(d?.message).toContain(`= ${name}(`);
    }
    complains({ action: 'reg0 = «multipaht»(5); normal' }, 'WBF4212');
  });

  test('names of other things', () => {
    const before = 'port uplink = 1\nregister zone = reg3[0..15]';
    const [d] = complains({ before, action: '«uplink»' }, 'WBF4204');
    expect(d?.message).toBe('`uplink` is a port, not an action: write `output uplink`');
    expect(fixed({ before, action: 'uplink' })).toContain('{ output uplink }');
    expect(fixed({ action: 'acl' })).toContain('{ goto acl }');
    complains({ before, action: '«zone»; «eth_dst»; «tcp»' }, 'WBF4204', 'WBF4204', 'WBF4204');
  });
});
