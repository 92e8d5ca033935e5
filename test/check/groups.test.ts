/** Declarations of groups, meters and tunnel options: what they mean, and what is said of mistakes. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import type { ProgramIr } from '../../src/ir/types.ts';
import { expectDiagnostics } from './expect.ts';

function programOf(text: string): ProgramIr {
  const { program, diagnostics } = compile({ path: 'test.wbf', text });
  expect(
    diagnostics.map((d) => d.code),
    text,
  ).toEqual([]);
  if (program === null) throw new Error('no program');
  return program;
}

/** Codes of the diagnostics, in the order of the source. */
const codes = (text: string): string[] => compile({ path: 'test.wbf', text }).diagnostics.map((d) => d.code);

const BUCKET = 'bucket { action { output 1 } }';
const BODY = `{ type = indirect; ${BUCKET} }`;
const METER = '{ unit = kbps; band drop { rate = 1 } }';

describe('groups', () => {
  test('a group with everything', () => {
    const { groups } = programOf(`port uplink = 1
group other = 7
group web = 4096 {
  type = select; selection_method = hash; selection_param = 7
  fields = {ip_src, ip_dst/255.255.0.0, ipv6_src/64, reg0[8..15], tcp_dst/0xff00}
  bucket { weight = 10; watch_port = uplink; watch_group = other; bucket_id = 3; action { output uplink } }
  bucket { action { vlan_vid = 5; group other } }
}
`);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      id: 4096,
      type: 'select',
      name: 'web',
      selection: {
        method: 'hash',
        param: 7n,
        fields: [
          { field: 'ip_src', mask: null },
          { field: 'ip_dst', mask: 0xffff0000n },
          { field: 'ipv6_src', mask: 0xffffffffffffffffn << 64n },
          { field: 'reg0', mask: 0xff00n },
          { field: 'tcp_dst', mask: 0xff00n },
        ],
      },
      buckets: [
        { id: 3, weight: 10, watchPort: 1, watchGroup: 7, actions: [{ kind: 'output', port: 1 }] },
        {
          id: 1,
          weight: null,
          watchPort: null,
          watchGroup: null,
          actions: [
            { kind: 'set_field', field: 'vlan_vid', value: 0x1005n, mask: null },
            { kind: 'group', id: 7 },
          ],
        },
      ],
    });
  });

  test('bucket ids that are not said avoid those that are', () => {
    const [group] = programOf(
      `group g = 1 { type = all; bucket { bucket_id = 1; action { drop } }; ${BUCKET}; ${BUCKET} }\n`,
    ).groups;
    expect(group?.buckets.map((b) => b.id)).toEqual([1, 2, 3]);
  });

  test('a group comes behind those that it uses, else as in the source', () => {
    const { groups } = programOf(`
group a = 1 { type = all; bucket { action { group c } } }
group b = 2 { type = fast_failover; bucket { watch_group = d; action { output 1 } } }
group c = 3 { type = all; bucket { action { group d } }; bucket { action { group 2 } } }
group d = 4 ${BODY}
`);
    expect(groups.map((g) => g.name)).toEqual(['d', 'b', 'c', 'a']);
  });

  test('a chain of ten thousand', () => {
    const n = 10_000;
    const text = Array.from({ length: n }, (_, i) =>
      i === n - 1
        ? `group g${i} = ${i} ${BODY}`
        : `group g${i} = ${i} { type = indirect; bucket { action { group g${i + 1} } } }`,
    ).join('\n');
    expect(programOf(text).groups[0]?.name).toBe(`g${n - 1}`);
  });

  test('circles', () => {
    expectDiagnostics(`
group a = 1 { type = all; bucket { action { group b } } }
                                                  - \`a\` refers to \`b\` here
group b = 2 { type = all; bucket { action { reg0 = 1; group c } } }
                                                            - \`b\` refers to \`c\` here
group c = 3 { type = fast_failover; bucket { watch_group = a; action { drop } } }
                                                           ~ WBF5218 the groups \`a\` → \`b\` → \`c\` → \`a\` refer to each other in a circle
group d = 4 { type = all; bucket { action { group 4 } } }
                                                  ~ WBF5218 group \`d\` refers to itself
`);
  });

  test('names and ids', () => {
    expectDiagnostics(`
program p { groups = [10-11, 20]; meters = 5-6 }
group a ${BODY}
      - first declared here
group a ${BODY}
      ~ WBF5001 there is already a group called \`a\`
group b = 20 ${BODY}
      - first declared here
group c ${BODY}
      ~ WBF5203 no id of the program is left for group \`c\`
group d = 20 ${BODY}
          ~~ WBF5004 group 20 is already \`b\`
group e = 21 ${BODY}
          ~~ WBF5204 group 21 is not one of the program's \`groups\`
group f = 11
          ~~ WBF5205 group 11 has no body, so it is somebody else's, and is one of the program's \`groups\`
group g
      ~ WBF5206 group \`g\` has neither a body nor an id
group h = 0xffffff01 ${BODY}
          ~~~~~~~~~~ WBF2114 the id of a group is 0 to 4294967040, and this is 0xffffff01
meter a ${METER}
meter b = 0 ${METER}
          ~ WBF2114 the id of a meter is 1 to 4294901760, and this is 0
`);
    expect(codes(`group a ${BODY}\nmeter b ${METER}\n`)).toEqual(['WBF5202', 'WBF5202']);
  });

  test('ids are taken in the order of the source, around those that are said', () => {
    const program = programOf(`program p { groups = [10-12, 14]; meters = 3 }
group a ${BODY}
group b = 11 ${BODY}
group c ${BODY}
group d ${BODY}
meter m ${METER}
`);
    expect(program.groups.map((g) => g.id)).toEqual([10, 11, 12, 14]);
    expect(program.groupIds).toEqual([
      { first: 10, last: 12 },
      { first: 14, last: 14 },
    ]);
    expect(program.meters.map((m) => m.id)).toEqual([3]);
    expect(program.meterIds).toEqual([{ first: 3, last: 3 }]);
  });

  test('without ranges, ours are those that are declared with a body', () => {
    const program = programOf(
      `group a = 5 ${BODY}\ngroup b = 4 ${BODY}\ngroup other = 6\ngroup c = 9 ${BODY}\n`,
    );
    expect(program.groupIds).toEqual([
      { first: 4, last: 5 },
      { first: 9, last: 9 },
    ]);
    expect(program.groups.map((g) => g.name)).toEqual(['a', 'b', 'c']);
    expect(program.meterIds).toEqual([]);
  });

  test('the name space is their own, and the words are names elsewhere', () => {
    const program = programOf(`port group = 1
port meter = 2
register tunnel_metadata = reg0
group group = 5 { type = all; bucket { action { group bucket } }; bucket { action { output group } } }
group bucket = 6 ${BODY}
meter meter = 3 ${METER}
table bucket = 0 { miss = drop
  flow group { match { in_port = meter } action { meter meter; tunnel_metadata = 1; group group } }
}
`);
    expect(program.groups.map((g) => g.name)).toEqual(['bucket', 'group']);
    expect(program.flows.at(1).instructions.apply).toMatchObject([
      { kind: 'meter', id: 3 },
      { kind: 'set_field', field: 'reg0' },
      { kind: 'group', id: 5 },
    ]);
  });

  test('references', () => {
    expectDiagnostics(`
const five = 5
group web = 5 ${BODY}
group bad = 0xffffff01
            ~~~~~~~~~~ WBF2114 the id of a group is 0 to 4294967040, and this is 0xffffff01
meter limit = 3
table t = 0 { miss = drop
  flow a { match { tcp } action { group web; group 5; group five; meter limit; controller(meter_id = limit, id = 1) } }
  flow b { match { udp } action { group 6 } }
                                        ~ WBF5216 no group with the id 6 is declared
  flow c { match { arp } action { group wed } }
                                        ~~~ WBF2005 there is no group called \`wed\`; did you mean \`web\`?
  flow d { match { icmp } action { group limit } }
                                         ~~~~~ WBF2005 there is no group called \`limit\`
  flow e { match { sctp } action { meter 4; controller(meter_id = 9) } }
                                         ~ WBF5217 no meter with the id 4 is declared
                                                                  ~ WBF5217 no meter with the id 9 is declared
  flow f { match { tcp6 } action { group bad; group Web } }
                                                    ~~~ WBF2002 \`Web\` is written \`web\`
  flow g { match { udp6 } action { group "web" } }
                                         ~~~~~ WBF2115 a group is a name or a number, and this is a text
}
`);
  });

  test('types', () => {
    const rest = 'bucket { action { drop } }';
    expect(codes('group g = 1 { }\n')).toEqual(['WBF5201']);
    expect(codes(`group g = 1 { type = some; ${rest} }\n`)).toEqual(['WBF5012']);
    expect(codes('group g = 1 { type = all }\n')).toEqual(['WBF5211']);
    expect(codes(`group g = 1 { type = indirect; ${rest}; ${rest} }\n`)).toEqual(['WBF5210']);
    expect(codes('group g = 1 { type = indirect }\n')).toEqual(['WBF5210']);
    expect(codes('group g = 1 { type = all; bucket { } }\n')).toEqual(['WBF5201']);
    expect(codes('group g = 1 { type = all; bucket }\n')).toEqual(['WBF5011']);
    expect(codes(`group g = 1 { typ = all; ${rest} }\n`)).toEqual(['WBF5201', 'WBF5009']);
    expect(codes(`group g = 1 { type = all; bucket { weigth = 5; action { drop } } }\n`)).toEqual([
      'WBF5009',
    ]);
    expect(codes(`group g = 1 { type = all; bucket { weight = 0; action { drop } } }\n`)).toEqual([]);
    expect(codes(`group g = 1 { type = all; bucket { action { } } }\n`)).toEqual(['WBF4302']);
  });

  test('a group has to fit into a message', () => {
    const buckets = (n: number): string => 'bucket { action { output 1 } }; '.repeat(n);
    expect(codes(`group g = 1 { type = all; ${buckets(2728)} }\n`)).toEqual([]);
    expect(codes(`group g = 1 { type = all; ${buckets(2729)} }\n`)).toEqual(['WBF5221']);
  });

  test('buckets are action sets', () => {
    expectDiagnostics(`
group g = 1 { type = all
  bucket { action { clone { output 1 }; note "01"; exit } }
                    ~~~~~~~~~~~~~~~~~~ WBF5219 \`clone\` in a bucket is not executed
                                        ~~~~~~~~~ WBF5219 \`note\` in a bucket is not executed
                                                   ~~~~ WBF5219 \`exit\` in a bucket is not executed
  bucket { action { output 1; output 2 } }
                    ~~~~~~~~ WBF4309 this is never executed: an action set has one place for it, and \`output\` takes it
                              -------- this is executed instead
  bucket { action { drop; output 2 } }
                    ~~~~ WBF4304 \`drop\` in \`bucket\` does nothing: the packet is not dropped by it
  bucket { action { goto t } }
                    ~~~~~~ WBF4307 \`goto\` cannot stand in \`bucket\`: it belongs to the flow as a whole
  bucket { action { nw_src = 10.0.0.1; output 2 } }
                    ~~~~~~ WBF2004 \`nw_src\` means nothing here: it stands for \`ip_src\` or \`arp_spa\`, and no protocol says which
  bucket { action { tcp_dst = 5; dec_ttl; pop_vlan; ct(commit, zone = 5) { ct_mark = 1 } } }
}
table t = 0 { miss = drop }
`);
    expect(codes(`group g = 1 { type = all; allow = WBF5219; bucket { action { exit } } }\n`)).toEqual([]);
  });
});

describe('meters', () => {
  test('a meter with everything', () => {
    const { meters } = programOf(
      'meter m = 3 { unit = pktps; flags = [burst, stats]; band drop { rate = 5; burst_size = 6 }; band drop { rate = 9; burst_size = 0 } }\nmeter punt = controller { unit = kbps; band drop { rate = 1 } }\n',
    );
    expect(meters).toMatchObject([
      {
        id: 3,
        unit: 'pktps',
        burst: true,
        stats: true,
        name: 'm',
        bands: [
          { type: 'drop', rate: 5, burstSize: 6, precLevel: 0 },
          { type: 'drop', rate: 9, burstSize: 0, precLevel: 0 },
        ],
      },
      { id: 0xfffffffe, unit: 'kbps', burst: false, stats: false },
    ]);
  });

  test('ids from elsewhere', () => {
    const text = `program p { meters = 10-19 }\nmeter a ${METER}\nmeter b ${METER}\ntable t = 0 { miss = drop\n flow f { match {tcp} action { meter a; meter b } } }\n`;
    const { program } = compile({ path: 'test.wbf', text }, { bindings: { meters: new Map([['a', 12]]) } });
    expect(program?.meters.map((m) => m.id)).toEqual([12, 11]);
    expect(program?.flows.at(1).instructions.apply).toMatchObject([{ id: 12 }, { id: 11 }]);
  });

  test.each([
    ['{ }', ['WBF5201', 'WBF5231']],
    ['{ unit = mbps; band drop { rate = 1 } }', ['WBF5012']],
    ['{ unit = kbps; band drop { } }', ['WBF5201']],
    ['{ unit = kbps; band drop }', ['WBF5011']],
    ['{ unit = kbps; band { rate = 1 } }', ['WBF5232']],
    ['{ unit = kbps; band police { rate = 1 } }', ['WBF5232']],
    ['{ unit = kbps; flags = [burst]; band drop { rate = 1 } }', ['WBF5235']],
    ['{ unit = kbps; band drop { rate = 1; burst_size = 5 } }', ['WBF5234']],
    ['{ unit = kbps; flags = [kbps]; band drop { rate = 1 } }', ['WBF5012']],
    ['{ unit = kbps; flags = [stats, stats]; band drop { rate = 1 } }', ['WBF5010']],
    ['{ unit = kbps; band drop { rate = 0x100000000 } }', ['WBF2114']],
    ['{ unit = kbps; band drop { rate = 1; prec_level = 1 } }', ['WBF5236']],
    [`{ unit = kbps; ${'band drop { rate = 1 };'.repeat(9)} }`, ['WBF5231']],
  ])('meter m = 1 %s', (body, expected) => {
    expect(codes(`meter m = 1 ${body}\n`)).toEqual(expected);
  });
});

describe('tunnel metadata', () => {
  const MAP =
    'tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4}; tun_metadata1 = {class: 1, type: 1, len: 0} }\ntunnel_metadata { tun_metadata63 = {class: 2, type: 0, len: 124} }\n';
  const flow = (match: string, action: string): string =>
    `${MAP}table t = 0 { miss = drop\n  flow f { match { ${match} } action { ${action} } }\n}\n`;

  test('the map', () => {
    expect(programOf(MAP).tlvs).toMatchObject([
      { class: 0xffff, type: 0x80, length: 4, index: 0 },
      { class: 1, type: 1, length: 0, index: 1 },
      { class: 2, type: 0, length: 124, index: 63 },
    ]);
  });

  test.each([
    ['tun_metadata0', ['WBF5241']],
    ['tun_metadata0 = 4', ['WBF5241']],
    ['reg0 = {class: 1, type: 1, len: 4}', ['WBF5242']],
    ['tun_metadata64 = {class: 1, type: 1, len: 4}', ['WBF5242']],
    ['tun_metadata0 = {class: 1, type: 1}', ['WBF5201']],
    ['tun_metadata0 = {class: 1, type: 1, length: 4}', ['WBF5009']],
    ['tun_metadata0 = {class: 0x10000, type: 1, len: 4}', ['WBF2114']],
    ['tun_metadata0 = {class: 1, type: 256, len: 4}', ['WBF2114']],
    ['tun_metadata0 = {class: 1, type: 1, len: 6}', ['WBF5243']],
    ['tun_metadata0 = {class: 1, type: 1, len: 128}', ['WBF5243']],
  ])('%s', (line, expected) => {
    expect(codes(`tunnel_metadata { ${line} }\n`)).toEqual(expected);
  });

  test('values are as wide as the option', () => {
    const [, mod] = programOf(
      flow(
        'tun_metadata0 = 0x12/0xff; tun_metadata63',
        'tun_metadata0[8..15] = 5; reg1 = tun_metadata0; output 1',
      ),
    ).flows;
    expect(mod?.match).toEqual([
      { field: 'tun_metadata0', value: 0x12n, mask: 0xffn },
      { field: 'tun_metadata63', value: 0n, mask: 0n },
    ]);
    expect(mod?.instructions.apply).toEqual([
      { kind: 'set_field', field: 'tun_metadata0', value: 0x500n, mask: 0xff00n },
      {
        kind: 'move',
        source: { field: 'tun_metadata0', offset: 0, bits: 32 },
        destination: { field: 'reg1', offset: 0, bits: 32 },
      },
      { kind: 'output', port: 1, maxLen: 0xffff },
    ]);
    const [, exact] = programOf(
      flow('tun_metadata0 = 5/0xffffffff; tun_metadata1 = 0', 'tun_metadata0 = 0xffffffff; output 1'),
    ).flows;
    expect(exact?.match).toMatchObject([{ mask: null }, { field: 'tun_metadata1', mask: null }]);
  });

  test.each([
    ['tun_metadata0 = 0x100000000', 'drop', ['WBF2101']],
    ['tun_metadata0[32] = 1', 'drop', ['WBF2007']],
    ['tun_metadata2 = 1', 'drop', ['WBF3010']],
    ['tun_metadata2', 'drop', ['WBF3010']],
    ['tun_metadata0; tun_metadata0 = 5', 'drop', ['WBF3003']],
    ['', 'tun_metadata0 = 0x100000000', ['WBF2101']],
    ['', 'tun_metadata1 = 1', ['WBF2101']],
    ['', 'tun_metadata0[24..32] = 1', ['WBF2007']],
    ['', 'tun_metadata2 = 1', ['WBF3010']],
    ['', 'reg0 = tun_metadata2[0..31]', ['WBF3010']],
    ['', 'xreg0 = tun_metadata0', ['WBF4006']],
    ['', 'delete_field tun_metadata2', ['WBF3010']],
  ])('match { %s } action { %s }', (match, action, expected) => {
    expect(codes(flow(match, action))).toEqual(expected);
  });
});

test('a program of many flows has the same groups, meters and options', () => {
  const flows = Array.from(
    { length: 200 },
    (_, i) => `  flow f${i} { match { tcp; tcp_dst = ${i + 1} } action { meter limit; group web } }\n`,
  ).join('');
  const text = `group web = 5 ${BODY}\nmeter limit = 3 ${METER}\ntunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 4} }\ntable t = 0 { miss = drop\n${flows}}\ngroup last = 6 { type = all; bucket { action { group web } } }\n`;
  const [quick, plain] = [0, Infinity].map((quickFrom) => compile({ path: 'test.wbf', text }, { quickFrom }));
  const parts = ({ program }: NonNullable<typeof quick>) => ({
    groups: program?.groups,
    meters: program?.meters,
    tlvs: program?.tlvs,
  });
  expect(quick?.diagnostics).toEqual([]);
  expect(parts(quick!)).toEqual(parts(plain!));
  const wrong = text.replaceAll('group web }', 'group 77 }');
  const [a, b] = [0, Infinity].map((quickFrom) => compile({ path: 'test.wbf', text: wrong }, { quickFrom }));
  expect(a?.diagnostics).toEqual(b?.diagnostics);
  expect(a?.diagnostics.length).toBeGreaterThan(200);
});
