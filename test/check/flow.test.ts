/** From a flow's declaration to its FlowMod. */
import { describe, expect, test } from 'vitest';
import { flowCookie, programCookies } from '../../src/ir/identity.ts';
import { FLOW_FLAGS } from '../../src/ir/types.ts';
import { applyFix, check, expectDiagnostics } from './expect.ts';

describe('diagnostics', () => {
  test('attributes', () => {
    expectDiagnostics(`
flow { priority = 70000; match { reg0 = 1 } action { drop } }
                  ~~~~~ WBF2114 \`priority\` is 0 to 65535, and this is 70000
flow { priority = "high"; match { reg0 = 2 } action { drop } }
                  ~~~~~~ WBF2115 \`priority\` is a number, and this is a text
flow { idle_timeout = 1d; match { reg0 = 3 } action { drop } }
                      ~~ WBF2114 \`idle_timeout\` is 0 to 65535, and this is 86400 seconds
flow { hard_timeout = 30h; importance = 65536; match { reg0 = 4 } action { drop } }
                      ~~~ WBF2114 \`hard_timeout\` is 0 to 65535, and this is 108000 seconds
                                        ~~~~~ WBF2114 \`importance\` is 0 to 65535, and this is 65536
flow { prio = 5; match { reg0 = 5 } action { drop } }
       ~~~~ WBF5009 a flow has no \`prio\`; did you mean \`priority\`?
flow { priority = 1; priority = 2; match { reg0 = 6 } action { drop } }
                     ~~~~~~~~ WBF5010 \`priority\` is given twice
       -------- first given here
flow { flags = [check_overlap, reset_count]; match { reg0 = 7 } action { drop } }
                               ~~~~~~~~~~~ WBF5012 \`flags\` is \`send_flow_rem\` or \`check_overlap\` or \`reset_counts\` or \`no_packet_counts\` or \`no_byte_counts\`; did you mean \`reset_counts\`?
flow { cookie = 0xffffffffffffffff; match { reg0 = 8 } action { drop } }
                ~~~~~~~~~~~~~~~~~~ WBF5107 a cookie of all ones is reserved
flow { cookie = 0x10000000000000000; match { reg0 = 9 } action { drop } }
                ~~~~~~~~~~~~~~~~~~~ WBF2114 \`cookie\` is 0 to 0xffffffffffffffff, and this is 0x10000000000000000
flow { cookie = 5; match { reg0 = 10 } action { drop } }
                ~ WBF5108 this cookie is not one of the program's (0x909f400000000000/0xfffff00000000000): a later push will not know the flow as its own
flow { tcp; match { reg0 = 11 } action { drop } }
       ~~~ WBF5011 a flow has properties: write \`name = value\`
`);
  });

  test('the parts of a flow', () => {
    expectDiagnostics(`
flow a { }
     ~ WBF5101 this flow has no \`match\`
     ~ WBF5102 this flow has no \`action\`
flow b { match {} }
     ~ WBF5102 this flow has no \`action\`
flow c { action { drop } }
     ~ WBF5101 this flow has no \`match\`
flow d { match { reg0 = 1 } match { reg0 = 2 } action { drop } }
flow e { match { reg0 = 3 } action { drop } action { drop } }
                                            ~~~~~~ WBF5103 this flow has a second \`action\`
flow f { match { reg0 = 4 } action { } }
                            ~~~~~~~~~~ WBF4301 this block is empty: a flow that does nothing says \`drop\`
`);
  });

  test('flows that repeat', () => {
    expectDiagnostics(`
flow a { match { reg0 = 1 } action { drop } }
     - the earlier flow
     - the earlier flow
     - the earlier flow
     - the earlier flow
flow a { match { reg0 = 2 } action { drop } }
     ~ WBF5105 this table already has a flow called \`a\`
flow b { match { reg0[0..31] = 1 } action { drop } }
     ~ WBF5104 another flow of this table has the same match and priority 32768
flow { match { tcp; tcp_dst = 80 } action { drop } }
---- the earlier flow
flow { match { tp_dst = http; tcp } action { normal } }
~~~~ WBF5104 another flow of this table has the same match and priority 32768
flow { priority = 5; match { tcp; tcp_dst = 80 } action { drop } }
flow { match { xreg0[32..63] = 1 } action { drop } }
~~~~ WBF5104 another flow of this table has the same match and priority 32768
table t = 0 {
  miss = drop
  flow a { match { reg0 = 1 } action { drop } }
       ~ WBF5104 another flow of this table has the same match and priority 32768
}
`);
  });
});

const PROGRAM = 'program p { id = 5 }\n';
const SPACE = programCookies(5);

const flows = (text: string) => {
  const { diagnostics, flows: found } = check(PROGRAM + text);
  expect(diagnostics).toEqual([]);
  return found;
};

describe('attributes', () => {
  test('have their defaults', () => {
    expect(flows('flow f { match {} action { drop } }')).toMatchObject([
      {
        table: 0,
        priority: 32768,
        idleTimeout: 0,
        hardTimeout: 0,
        importance: 0,
        flags: 0,
        name: 'f',
        match: [],
      },
    ]);
  });

  test('are what is written', () => {
    const text = `const high = 60000
table t = 9 {
  miss = drop
  flow f {
    priority = high; cookie = 0x0000500000000007; idle_timeout = 30s; hard_timeout = 5m; importance = 7
    flags = [send_flow_rem, no_byte_counts]
    match {}
    action { drop }
  }
}`;
    expect(flows(text).at(-1)).toMatchObject({
      table: 9,
      priority: 60000,
      cookie: 0x0000500000000007n,
      idleTimeout: 30,
      hardTimeout: 300,
      importance: 7,
      flags: FLOW_FLAGS.send_flow_rem | FLOW_FLAGS.no_byte_counts,
      name: 't.f',
    });
    expect(flows('flow { flags = reset_counts; match {} action { drop } }')[0]?.flags).toBe(
      FLOW_FLAGS.reset_counts,
    );
  });

  test('know where the flow stands', () => {
    const text = 'flow f { match {} action { drop } }';
    const start = PROGRAM.length;
    expect(flows(text)[0]?.origin).toEqual({ file: 0, start, end: start + text.length });
  });
});

describe('cookies', () => {
  const cookies = (text: string): bigint[] => flows(text).map((f) => f.cookie);

  test('come from the names of table and flow, whatever the flow does', () => {
    const a = cookies('table t = 1 { miss = drop; flow f { match { tcp } action { drop } } }');
    const b = cookies(
      '// moved\ntable t = 2 { flow f { priority = 3; match { udp } action { normal } }; miss = controller }',
    );
    expect(a).toEqual(b);
    const key = { module: '', table: 't', flow: { name: 'f' }, instance: '' };
    expect(a[1]).toBe(flowCookie(SPACE, key));
    expect(a.every((c) => (c & SPACE.mask) === SPACE.value)).toBe(true);
  });

  test('of unnamed flows come from their match, whatever its spelling', () => {
    const [a] = cookies('flow { match { tcp; tcp_dst = 80 } action { drop } }');
    const [b] = cookies('flow { match { tp_dst = http; tcp } action { normal } }');
    const [c] = cookies('flow { priority = 1; match { tcp; tcp_dst = 80 } action { drop } }');
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  test('that are stated may be shared', () => {
    const own = '0x0000500000000001';
    expect(
      cookies(
        `flow a { cookie = ${own}; match { tcp } action { drop } }\nflow b { cookie = ${own}; match { udp } action { drop } }`,
      ),
    ).toEqual([BigInt(own), BigInt(own)]);
  });
});

describe('miss', () => {
  test('is a flow of priority 0 that matches everything', () => {
    expect(flows('table t = 4 { miss = controller }')).toMatchObject([
      {
        table: 4,
        priority: 0,
        match: [],
        name: 't miss',
        instructions: { apply: [{ kind: 'output', port: 0xfffffffd }] },
      },
    ]);
    expect(flows('table t = 4 { miss = goto u }\ntable u = 5 { miss = drop }')).toMatchObject([
      { instructions: { goto: 5, apply: [] } },
      { instructions: { goto: null, apply: [] } },
    ]);
    expect(flows('table t = 4 { miss { reg0 = 1; output 3 } }')).toMatchObject([
      {
        instructions: {
          apply: [
            { kind: 'set_field', field: 'reg0' },
            { kind: 'output', port: 3 },
          ],
        },
      },
    ]);
  });

  test('may be written out as a flow', () => {
    expect(flows('table t = 4 { flow { priority = 0; match {} action { drop } } }')).toMatchObject([
      { priority: 0 },
    ]);
  });
});

describe('fixes', () => {
  test.each([
    ['flow f { match { tcp } }', 'flow f { match { tcp } action { drop } }'],
    ['flow f { action { drop } }', 'flow f { match {} action { drop } }'],
    ['flow f { prio = 5; match {} action { drop } }', 'flow f { priority = 5; match {} action { drop } }'],
  ])('%s', (before, after) => {
    const fixed = applyFix(check(before));
    expect(fixed).toBe(after);
    expect(check(fixed).diagnostics).toEqual([]);
  });
});

describe('check_overlap', () => {
  const two = (a: string, b: string, attributes = 'flags = [check_overlap]'): string[] =>
    check(`table t = 0 { miss = drop
  flow a { match { ${a} } action { drop } }
  flow b { ${attributes}; match { ${b} } action { drop } }
}
`).diagnostics.map((d) => `${d.code} ${d.switchError ?? ''}`);

  test('two flows that one packet could match', () => {
    expect(two('tcp', 'ip')).toEqual(['WBF5111 OFPFMFC_OVERLAP']);
    expect(two('in_port = 1', 'tcp')).toEqual(['WBF5111 OFPFMFC_OVERLAP']);
    expect(two('ip; ip_src = 10.0.0.0/8', 'ip; ip_src = 10.1.0.0/16')).toEqual(['WBF5111 OFPFMFC_OVERLAP']);
    expect(two('dl_vlan = 5', 'vlan_vid = 0x1000/0x1000')).toEqual(['WBF5111 OFPFMFC_OVERLAP']);
  });

  test('others', () => {
    expect(two('tcp', 'udp')).toEqual([]);
    expect(two('ip; ip_src = 10.0.0.0/8', 'ip; ip_src = 11.0.0.0/8')).toEqual([]);
    expect(two('packet_type = ipv4', 'in_port = 1')).toEqual([]);
    expect(two('dl_vlan = 5', 'vlan_vid = none')).toEqual([]);
    expect(two('tcp', 'ip', 'flags = [check_overlap]; priority = 5')).toEqual([]);
    expect(two('tcp', 'ip', 'flags = [send_flow_rem]')).toEqual([]);
  });

  test('packet_type = ethernet says nothing', () => {
    expect(two('packet_type = ethernet; in_port = 1', 'in_port = 1', '')).toEqual(['WBF5104 ']);
  });
});
