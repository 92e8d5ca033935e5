// What the readers make of ovs-ofctl's text, where they place what they say about it, and what they do with rubbish.
import { describe, expect, test } from 'vitest';
import { DiagnosticBag } from '../../src/diagnostics/define.ts';
import type { ReadFlow } from '../../src/import/read/index.ts';
import { InputNames, readFlow, readGroup, readMeter, readTlvMap } from '../../src/import/read/index.ts';

interface Outcome {
  readonly flow: ReadFlow | null;
  /** `CODE text that is underlined`. */
  readonly says: readonly string[];
  readonly names: InputNames;
}

/** Reads a flow that stands somewhere in an input. */
function read(line: string, names = new InputNames(line)): Outcome {
  const before = '# a comment\n';
  const text = `${before}${line}\npriority=1,actions=drop\n`;
  const sink = new DiagnosticBag();
  const flow = readFlow({ sink, file: 3, text, names }, before.length, before.length + line.length);
  const says = sink.all.map((d) => {
    expect(d.place.file).toBe(3);
    return `${d.code} ${text.slice(d.place.start, d.place.end)}`;
  });
  return { flow, says, names };
}

const terms = (line: string): string[] =>
  read(line).flow?.flow.match.map(
    ({ field, value, mask }) =>
      `${field}=${value.toString(16)}${mask === null ? '' : `/${mask.toString(16)}`}`,
  ) ?? ['refused'];

describe('a match', () => {
  test.each([
    ['tcp,nw_src=10.0.0.0/8,tp_dst=80', 'eth_type=800 ip_src=a000000/ff000000 nw_proto=6 tcp_dst=50'],
    ['arp,nw_dst=10.0.0.1,nw_proto=1', 'eth_type=806 arp_op=1 arp_tpa=a000001'],
    ['icmp6 icmp_type=135', 'eth_type=86dd nw_proto=3a icmpv6_type=87'],
    ['dl_vlan=5,dl_vlan_pcp=3', 'vlan_vid=1005 vlan_pcp=3'],
    ['dl_vlan=0xffff', 'vlan_vid=0'],
    ['dl_vlan_pcp=3', 'vlan_vid=1000/1000 vlan_pcp=3'],
    ['vlan_tci=0x1000/0x1000', 'vlan_vid=1000/1000'],
    ['vlan_tci=0x0000/0x1fff', 'vlan_vid=0'],
    ['ip,nw_tos=32,nw_ecn=1', 'eth_type=800 ip_dscp=8 nw_ecn=1'],
    ['ip,nw_frag=not_later', 'eth_type=800 ip_frag=0/2'],
    ['ct_state=+trk-new,ct_zone=0x5', 'ct_state=20/21 ct_zone=5'],
    ['tcp,tcp_flags=+syn-ack', 'eth_type=800 nw_proto=6 tcp_flags=2/12'],
    ['NXM_NX_REG0[]=0x5,OXM_OF_METADATA[4..7]=3', 'reg0=5 metadata=30/f0'],
    ['reg0=1,reg1=0x2/0xff,xreg1=7', 'reg0=1 reg1=2/ff xreg1=7'],
    ['reg1=1,xreg0=0x100000005', 'reg0=1 reg1=5'],
    ['eth', 'packet_type=0'],
    ['packet_type=(1,0x800),nw_src=1.2.3.4', 'packet_type=10800 ip_src=1020304'],
    ['in_port=LOCAL', 'in_port=fffe'],
    ['in_port=4294967294', 'in_port=fffe'],
    ['tun_metadata3', 'tun_metadata3=0/0'],
    ['dl_src=1:2:3:4:5:6/ff:ff:ff:00:00:00', 'eth_src=10203000000/ffffff000000'],
    [
      'ipv6,ipv6_src=fe80::/10',
      'eth_type=86dd ipv6_src=fe800000000000000000000000000000/ffc00000000000000000000000000000',
    ],
  ])('%s', (text, expected) => {
    expect(terms(`${text} actions=drop`).join(' ')).toBe(expected);
  });

  test('all of a flow, as dump-flows prints it', () => {
    const { flow, says } = read(
      ' cookie=0x2b, duration=12.5s, table=7, n_packets=5, n_bytes=300, idle_timeout=60, hard_timeout=120, idle_age=3, hard_age=65534, send_flow_rem reset_counts importance=9, priority=100,ip,in_port=1 actions=drop',
    );
    expect(says).toEqual([]);
    expect(flow).toMatchObject({
      command: 'add',
      cookieStated: true,
      tableStated: true,
      warnings: 0,
      flow: {
        table: 7,
        priority: 100,
        cookie: 0x2bn,
        idleTimeout: 60,
        hardTimeout: 120,
        importance: 9,
        flags: 5,
      },
    });
    expect(flow?.flow.instructions).toEqual({
      apply: [],
      clear: false,
      write: null,
      writeMetadata: null,
      goto: null,
    });
  });

  test('what is not said', () => {
    const { flow } = read('actions=NORMAL');
    expect(flow).toMatchObject({
      cookieStated: false,
      tableStated: false,
      flow: { table: 0, priority: 32768, cookie: 0n },
    });
  });
});

describe('commands', () => {
  test.each([
    [
      'delete table=3,cookie=0x10/-1,out_port=LOCAL',
      { command: 'delete', cookieMask: 2n ** 64n - 1n, outPort: 0xfffffffe },
    ],
    ['delete', { command: 'delete', tableStated: false, flow: { table: 255, match: [] } }],
    [
      'delete_strict priority=7,tcp,out_group=5',
      { command: 'delete_strict', outGroup: 5, flow: { priority: 7 } },
    ],
    ['modify cookie=1,ip actions=drop', { command: 'modify', flow: { cookie: 1n } }],
    ['add priority=1 actions=drop', { command: 'add' }],
  ])('%s', (text, expected) => {
    const { flow, says } = read(text);
    expect(says).toEqual([]);
    expect(flow).toMatchObject(expected);
  });

  test.each([
    ['delete cookie=5', 'WBF8211 cookie=5'],
    ['delete idle_timeout=5', 'WBF8211 idle_timeout=5'],
    ['delete priority=5', 'WBF8211 priority=5'],
    ['delete send_flow_rem', 'WBF8201 send_flow_rem'],
    ['add cookie=1/1,actions=drop', 'WBF8211 1/1'],
    ['modify importance=1,actions=drop', 'WBF8211 importance=1'],
  ])('%s is refused', (text, expected) => {
    const { flow, says } = read(text);
    expect(flow).toBe(null);
    expect(says.map((s) => s.slice(0, 8))).toEqual([expected.slice(0, 8)]);
    expect(expected.endsWith(says[0]!.slice(8)) || says[0]!.endsWith(expected.slice(8))).toBe(true);
  });
});

describe('what ovs-ofctl changes without a word is said, at its place', () => {
  test.each([
    ['tcp_dst=80 actions=drop', ['WBF8221 tcp_dst=80']],
    ['ip,tp_dst=80,nw_src=1.2.3.4 actions=drop', ['WBF8221 tp_dst=80']],
    ['ct_state=+trk,ct_tp_dst=80 actions=drop', ['WBF8221 ct_tp_dst=80']],
    ['ip,ipv6 actions=drop', ['WBF8222 ip']],
    ['in_port=1,in_port=2 actions=drop', ['WBF8222 in_port=1']],
    ['in_port=1,in_port=1 actions=drop', []],
    ['tcp,nw_proto=6 actions=drop', []],
    ['udp,tcp_dst=80 actions=drop', ['WBF8224 tcp_dst=80']],
    ['icmp6,icmp_type=135,icmp_code=0 actions=drop', []],
    ['udp,tp_dst=80 actions=drop', []],
    ['arp,nw_src=1.2.3.4 actions=drop', []],
    ['ip,arp_spa=1.2.3.4 actions=drop', ['WBF8224 arp_spa=1.2.3.4']],
    ['dl_vlan=5000 actions=drop', ['WBF8223 5000']],
    ['ip,nw_src=10.0.0.1/8 actions=drop', ['WBF8225 10.0.0.1/8']],
    ['reg0=0x12/0xf0 actions=drop', ['WBF8225 0x12/0xf0']],
    ['ip,nw_src=300.1.1.1 actions=drop', ['WBF8223 300.1.1.1']],
    ['table=255 actions=drop', ['WBF8227 255']],
    ['priority=1,priority=2 actions=drop', ['WBF8222 priority=1']],
    ['vlan_tci=0x6000/0xe000 actions=drop', ['WBF8228 vlan_tci=0x6000/0xe000']],
    ['tun_erspan_ver=1 actions=drop', ['WBF8232 tun_erspan_ver=1']],
    ['actions=', ['WBF8229 ']],
    ['actions=learn(priority=70000,idle_timeout=5)', ['WBF8226 70000']],
    ['ip actions=dec_ttl(65537)', ['WBF8226 65537']],
    ['actions=note:01', ['WBF8231 note:01']],
    ['actions=mod_dl_src:00:00:00:00:00:01x', ['WBF8230 x']],
    ['ip actions=ct(commit,nat(src=0.0.0.0))', ['WBF8233 0.0.0.0']],
    ['ip,tcp_flags=5 actions=output:1,strip_vlan', ['WBF8221 tcp_flags=5']],
  ])('%s', (text, expected) => {
    const { flow, says } = read(text);
    expect(flow).not.toBe(null);
    expect(says).toEqual(expected);
    expect(flow?.warnings).toBe(expected.length);
  });

  test('for each of equal flows', () => {
    const names = new InputNames();
    for (let i = 0; i < 3; i++)
      expect(read('tcp_dst=80 actions=note:01', names).says).toEqual([
        'WBF8221 tcp_dst=80',
        'WBF8231 note:01',
      ]);
  });
});

describe('what ovs-ofctl refuses is refused, at the first word that is wrong', () => {
  test.each([
    ['priority=10,foo=1,bar=2 actions=drop', 'WBF8201 foo'],
    ['prioirty=10 actions=drop', 'WBF8201 prioirty'],
    ['NXM_OF_IN_PORT=1 actions=drop', 'WBF8201 NXM_OF_IN_PORT'],
    ['ip,nw_src=10.0.0.0/33 actions=drop', 'WBF8202 /33'],
    ['tcp,tcp_dst=65536 actions=drop', 'WBF8202 65536'],
    ['priority=70000 actions=drop', 'WBF8202 70000'],
    ['priority= actions=drop', 'WBF8202 priority='],
    ['ct_state=+trk+foo actions=drop', 'WBF8202 +foo'],
    ['ip,nw_proto=6/7 actions=drop', 'WBF8204 6/7'],
    ['tun_tos=5 actions=drop', 'WBF8212 tun_tos=5'],
    ['table=256 actions=drop', 'WBF8214 256'],
    ['in_port=65536 actions=drop', 'WBF8213 65536'],
    ['in_port=0x1 actions=drop', 'WBF8213 0x1'],
    ['ip', 'WBF8203 ip'],
    ['ip,action', 'WBF8203 action'],
    ['actions=outptu:1', 'WBF8201 outptu'],
    ['actions=output:1,dorp', 'WBF8201 dorp'],
    ['actions=drop,output:1', 'WBF8207 drop'],
    ['actions=goto_table:5,output:1', 'WBF8207 output:1'],
    ['actions=write_actions(goto_table:1)', 'WBF8207 goto_table:1'],
    ['actions=load:1->NXM_NX_CT_MARK[]', 'WBF8207 load:1->NXM_NX_CT_MARK[]'],
    ['table=5 actions=goto_table:5', 'WBF8207 goto_table:5'],
    ['actions=conjunction(1,1/2),output:1', 'WBF8207 output:1'],
    ['actions=set_field:80->tcp_dst', 'WBF8209 set_field:80->tcp_dst'],
    ['tcp actions=ct(commit,nat(src=fe80::1))', 'WBF8209 nat(src=fe80::1)'],
    ['actions=load:0x10000->NXM_NX_REG0[0..15]', 'WBF8206 0x10000->NXM_NX_REG0[0..15]'],
    ['actions=move:NXM_NX_REG0[]->NXM_NX_REG1[0..15]', 'WBF8205 NXM_NX_REG0[]->NXM_NX_REG1[0..15]'],
    ['actions=push:NXM_NX_FOO[]', 'WBF8206 NXM_NX_FOO'],
    ['actions=push:reg0[30..40]', 'WBF8206 reg0[30..40]'],
    ['actions=push_vlan:0x800', 'WBF8202 0x800'],
    ['actions=output:none', 'WBF8210 output:none'],
    ['actions=meter:0', 'WBF8210 meter:0'],
    ['actions=resubmit(,300)', 'WBF8214 300'],
    ['actions=controller(foo=1)', 'WBF8201 foo'],
    ['dl_vlan=5 actions=set_field:7->dl_vlan', 'WBF8206 dl_vlan'],
    [`actions=${'clone('.repeat(70)}1${')'.repeat(70)}`, 'WBF8208 '],
  ])('%s', (text, expected) => {
    const { flow, says } = read(text);
    expect(flow).toBe(null);
    expect(says).toHaveLength(1);
    expect(says[0]!.startsWith(expected)).toBe(true);
    if (!expected.endsWith(' ')) expect(says[0]).toBe(expected);
  });

  test('variables of a shell', () => {
    for (const [text, what] of [
      ['in_port=$PORT,actions=drop', '$PORT'],
      ['in_port=1,actions=output:${OUT_PORT}', '${OUT_PORT}'],
      ['dl_src=$(cat mac),actions=drop', '$(cat mac)'],
      ['dl_src=`cat mac`,actions=drop', '`cat mac`'],
      ['actions=output:$1', '$1'],
    ] as const)
      expect(read(text)).toMatchObject({ flow: null, says: [`WBF8250 ${what}`] });
  });
});

describe('actions', () => {
  const apply = (text: string): unknown => read(text).flow?.flow.instructions.apply;

  test('depend on the match', () => {
    expect(apply('actions=mod_vlan_vid:5,mod_vlan_pcp:2')).toEqual([
      { kind: 'mod_vlan_vid', vid: 5, tagged: false },
      { kind: 'mod_vlan_pcp', pcp: 2, tagged: true },
    ]);
    expect(apply('dl_vlan=1 actions=mod_vlan_vid:5')).toEqual([
      { kind: 'mod_vlan_vid', vid: 5, tagged: true },
    ]);
    for (const [protocol, name] of [
      ['tcp', 'tcp_dst'],
      ['udp6', 'udp_dst'],
      ['sctp', 'sctp_dst'],
    ])
      expect(apply(`${protocol} actions=mod_tp_dst:80`)).toEqual([
        { kind: 'set_field', field: name, value: 80n, mask: null },
      ]);
  });

  test('that go with the match in OpenFlow 1.0 only', () => {
    expect(read('actions=strip_vlan,output:1').flow?.onlyOpenFlow10).toBe(true);
    expect(read('dl_vlan=1 actions=strip_vlan,output:1').flow?.onlyOpenFlow10).toBe(false);
    expect(read('actions=strip_vlan,push_vlan:0x8100').says).toEqual(['WBF8209 strip_vlan']);
  });

  test('instructions', () => {
    expect(
      read(
        'actions=meter:1,output:2,clear_actions,write_actions(output:3),write_metadata:0x5/0xff,goto_table:9',
      ).flow?.flow.instructions,
    ).toEqual({
      apply: [
        { kind: 'meter', id: 1 },
        { kind: 'output', port: 2, maxLen: 0 },
      ],
      clear: true,
      write: [{ kind: 'output', port: 3, maxLen: 0 }],
      writeMetadata: { value: 5n, mask: 0xffn },
      goto: 9,
    });
  });
});

describe('names', () => {
  test('stand for ports and tables until a switch is asked', () => {
    const line = 'table=acl,in_port="eth-0" actions=output:eth1,resubmit(eth-0,acl),goto_table:"out-going"';
    const { flow, names } = read(line);
    const port = (name: string): number => [...names.ports].find(([, n]) => n === name)![0];
    const table = (name: string): number => [...names.tables].find(([, n]) => n === name)![0];
    expect(flow?.flow.table).toBe(table('acl'));
    expect(flow?.flow.match).toEqual([{ field: 'in_port', value: BigInt(port('eth-0')), mask: null }]);
    expect(flow?.flow.instructions).toMatchObject({
      apply: [
        { kind: 'output', port: port('eth1') },
        { kind: 'resubmit', port: port('eth-0'), table: table('acl') },
      ],
      goto: table('out-going'),
    });
  });

  test('never become a number of the input', () => {
    const text = 'in_port=65279,table=253 in_port=a in_port=b';
    const names = new InputNames(text);
    expect(names.port('a')).toBe(65278);
    expect(names.port('b')).toBe(65277);
    expect(names.port('a')).toBe(65278);
    expect(names.table('t')).toBe(252);
  });

  test('there are no more than a switch has', () => {
    const names = new InputNames();
    for (let n = 0; n < 254; n++) expect(names.table(`t${n}`)).toBe(253 - n);
    expect(read('table=one_more actions=drop', names)).toMatchObject({
      flow: null,
      says: ['WBF8218 one_more'],
    });
  });

  test('a bare word is a port only where it looks like one', () => {
    expect(read('actions=eth0').flow?.flow.instructions.apply).toHaveLength(1);
    expect(read('actions="uplink"').flow?.flow.instructions.apply).toHaveLength(1);
    expect(read('actions=uplink').says).toEqual(['WBF8201 uplink']);
    const names = new InputNames();
    names.port('uplink');
    expect(read('actions=uplink', names).says).toEqual([]);
  });
});

describe('rubbish', () => {
  const alphabet = [
    'a',
    '0',
    ',',
    ' ',
    '=',
    ':',
    '(',
    ')',
    '[',
    ']',
    '/',
    '->',
    '"',
    '\\',
    '\0',
    '\u202e',
    'é',
    '😀',
    '-1',
    '0x',
    'actions=',
    'learn(',
    'ct(',
    'bucket=',
    'bands=',
    'type=',
    'reg0',
    'ip',
    'NXM_NX_REG0[',
    '..',
    '{',
    '}',
  ];

  test('never throws', () => {
    let state = 7;
    const roll = (n: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % n;
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: roll(12) }, () => alphabet[roll(alphabet.length)]).join('');
      for (const reader of [readFlow, readGroup, readMeter, readTlvMap]) {
        const sink = new DiagnosticBag();
        const result = reader({ sink, file: 0, text, names: new InputNames(text) }, 0, text.length);
        expect(result === null, `${reader.name} ${JSON.stringify(text)}`).toBe(sink.hasErrors);
        for (const { place } of sink.all) {
          expect(place.start).toBeGreaterThanOrEqual(0);
          expect(place.end).toBeGreaterThanOrEqual(place.start);
          expect(place.end).toBeLessThanOrEqual(text.length + 1);
        }
      }
    }
  });

  test.each([
    ['terms', 'ip,', ' actions=drop'],
    ['different terms', null, ' actions=drop'],
    ['settings', 'priority=1,', ' actions=drop'],
    ['actions', 'actions=' + '1,'.repeat(10), ''],
    ['nesting', 'actions=' + 'clone('.repeat(10), ''],
    ['parentheses', '((((', ' actions=drop'],
    ['specs', 'actions=learn(' + 'reg0=1,'.repeat(10), ''],
    ['zeros', 'reg0=' + '0'.repeat(30), ' actions=drop'],
    ['digits', 'actions=load:' + '7'.repeat(30), ''],
    ['spaces', 'actions=conjunction(' + ' '.repeat(30), ''],
    ['buckets', 'group_id=1,type=all,bucket=', ''],
    ['bands', 'meter=1 kbps bands=type=drop rate=', ''],
    ['options', '{class=1,type=2,len=4}->tun_metadata0,', ''],
  ])('three million characters of %s are read in time', { timeout: 60_000 }, (_, unit, end) => {
    const length = 3_000_000;
    const text =
      unit === null
        ? Array.from({ length: length / 20 }, (_, n) => `reg${n % 16}=${n},`).join('') + end
        : unit.startsWith('actions=') || unit.startsWith('group') || unit.startsWith('meter')
          ? unit.slice(0, -10) + unit.slice(-10).repeat(length / 10) + end
          : unit.repeat(length / unit.length) + end;
    const started = performance.now();
    for (const reader of [readFlow, readGroup, readMeter, readTlvMap])
      reader({ sink: new DiagnosticBag(), file: 0, text, names: new InputNames(text) }, 0, text.length);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('many lines without actions are not looked through again and again', () => {
    const line = 'priority=1\n';
    const text = line.repeat(200_000);
    const sink = new DiagnosticBag();
    const names = new InputNames();
    const started = performance.now();
    for (let at = 0; at < text.length; at += line.length)
      readFlow({ sink, file: 0, text, names }, at, at + line.length - 1);
    expect(sink.all).toHaveLength(200_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
