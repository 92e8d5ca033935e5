/** What is declared outside flows. */
import { describe, expect, test } from 'vitest';
import { programCookies, programIdFromName } from '../../src/ir/identity.ts';
import { compile } from '../../src/project/compile.ts';
import { applyFix, check, expectDiagnostics } from './expect.ts';

describe('diagnostics', () => {
  test('names that are taken', () => {
    expectDiagnostics(`
const tcp = 6
      ~~~ WBF5002 \`tcp\` is a protocol and cannot be declared
const request = 5
      ~~~~~~~ WBF5002 \`request\` is a well-known value of \`arp_op\` and cannot be declared
const x = 1
      - first declared here
      - first declared here
      - first declared here
const x = 2
      ~ WBF5001 there is already a constant called \`x\`
port x = 3
     ~ WBF5001 there is already a constant called \`x\`
port local = 4
     ~~~~~ WBF5002 \`local\` is a reserved port and cannot be declared
port eth_src = 5
     ~~~~~~~ WBF5002 \`eth_src\` is a field and cannot be declared
table x = 1 { miss = drop }
      ~ WBF5001 there is already a constant called \`x\`
table arp = 2 { miss = drop }
      ~~~ WBF5002 \`arp\` is a protocol and cannot be declared
table load = 3 { miss = drop }
port http = 6
flow { match { ip; ip_proto = tcp; in_port = eth_src } action { drop } }
`);
  });

  test('ports', () => {
    expectDiagnostics(`
port uplink = "eth0"
     ------ first declared here
port again = "eth0"
             ~~~~~~ WBF5004 interface eth0 is already \`uplink\`
port long = "an_interface_of_many_letters"
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ WBF2018 "an_interface_of_many_letters" cannot be the name of an interface: OpenFlow has room for 15 characters
port number = "12"
              ~~~~ WBF2018 "12" cannot be the name of an interface: it would be taken for a number
port reserved = "LOCAL"
                ~~~~~~~ WBF2018 "LOCAL" cannot be the name of an interface: it is a reserved port
port empty = ""
             ~~ WBF2018 "" cannot be the name of an interface: it is empty
port blank = "a b"
             ~~~~~ WBF2018 "a b" cannot be the name of an interface: it has characters that no name of an interface should have
port a = 70000
         ~~~~~ WBF2114 the number of a port is 1 to 65279, and this is 70000
port b = 3
     - first declared here
port c = 3
         ~ WBF5004 port 3 is already \`b\`
port d = -1
         ~ WBF1101 expected a value, found \`-\`
port e = mac
         ~~~ WBF2115 the number of a port is a number, and this is a MAC address
const mac = 02:00:00:00:00:01
            ----------------- \`mac\` is declared here
`);
  });

  test('registers', () => {
    expectDiagnostics(`
register a = reg0[0..15]
             ----------- \`a\` is here
register b = xreg0
             ~~~~~ WBF5005 \`b\` and \`a\` share bits
register c = xxreg0 alias
register d: 16
register e = tcp_dst
             ~~~~~~~ WBF5006 \`tcp_dst\` is no place to keep something
register f = 5
             ~ WBF5006 a number is no place to keep something
register g = reg9[16..32]
                 ~~~~~~~~ WBF2007 \`reg9\` has the bits 0 to 31, there is no bit 32
register h = reg9
flow { match { a = 5; b[0..3] = 1; a[16] = 1 } action { drop } }
                                    ~~~~ WBF2007 \`a\` has the bits 0 to 15, there is no bit 16
flow { match { a = 65536; h[] = 1; c = 1 } action { drop } }
                   ~~~~~ WBF2101 65536 does not fit \`a\`, which has 16 bits (at most 0xffff)
`);
  });

  test('tables', () => {
    expectDiagnostics(`
table a = 0 { miss = drop }
      - first declared here
table b = 0 { miss = drop; flow { match {} action { drop } } }
          ~ WBF5004 table 0 is already \`a\`
table c = 254 { miss = drop }
          ~~~ WBF2114 the number of a table is 0 to 253, and this is 254
table d { miss = drop }
table e = 1 {
      ~ WBF5109 table \`e\` does not say what happens to packets that no flow matches
  flow { match { tcp } action { goto d } }
}
table f = 2 {
  flow { priority = 0; match {} action { drop } }
}
table g = 3 { }
      ~ WBF5109 table \`g\` does not say what happens to packets that no flow matches
table h = 4 { mis = drop; hit = drop; miss = drop }
              ~~~ WBF5009 a table has no \`mis\`; did you mean \`miss\`?
                          ~~~ WBF5009 a table has no \`hit\`
`);
  });

  test('miss', () => {
    expectDiagnostics(`
table a = 0 { miss = goto b }
table b = 1 { miss = controller }
table c = 2 { miss = resubmit(,3) }
table d = 3 { miss { reg0 = 1; goto e } }
table e = 4 { miss = output 3 }
table f = 5 { miss = 5 }
                     ~ WBF5012 \`miss\` is an action, such as \`drop\`, \`controller\` or \`goto TABLE\`; several of them stand in a block, \`miss { … }\`
table g = 6 { miss }
              ~~~~ WBF5011 a table has properties: write \`miss = …\`
table h = 7 { miss = drop; miss = normal }
                           ~~~~ WBF5010 \`miss\` is given twice
              ---- first given here
table i = 8 { miss = goto nowhere }
                          ~~~~~~~ WBF2005 there is no table called \`nowhere\`
table j = 9 { miss = goto a }
                          ~ WBF4313 table 0 comes before table 9: \`goto\` leads to later tables only
table k = 10 { miss = tcp_dst }
                      ~~~~~~~ WBF4204 \`tcp_dst\` is a field, not an action: write \`tcp_dst = …\`
table l = 11 { miss = drop; flow { priority = 0; match {} action { drop } } }
                            ~~~~ WBF5104 another flow of this table has the same match and priority 0
               ----------- the earlier flow
`);
  });

  test('constants', () => {
    expectDiagnostics(`
const a = b
      ~ WBF5003 \`a\` stands for itself
const b = c
      - by way of this
const c = a
      - by way of this
const d = d
      ~ WBF5003 \`d\` stands for itself
const e = dd
          ~~ WBF2005 there is no constant called \`dd\`; did you mean \`d\`?
const ranges = 1-5
const items = [1, 2]
`);
  });

  test('program', () => {
    expectDiagnostics(`
program a { id = 0; groups = 4096-8191; meters = [1, 5-3] }
                 ~ WBF2114 the id of a program is 1 to 1048574, and this is 0
                                                     ~~~ WBF5012 \`meters\` is a range from the lower to the higher number
------- first declared here
program b { id = 5 }
~~~~~~~ WBF5008 a file declares one program
`);
  });

  test('program spaces', () => {
    expectDiagnostics(`
program a { id = 0xfffff; cookies = 5; group = 3 }
                 ~~~~~~~ WBF2114 the id of a program is 1 to 1048574, and this is 0xfffff
                          ~~~~~~~ WBF5013 \`id\` and \`cookies\` both say which cookies are ours
            -- the id is given here
                                    ~ WBF5012 \`cookies\` is a value and a mask: \`0x1030000000000/0xffff000000000000\`
                                       ~~~~~ WBF5009 a program has no \`group\`; did you mean \`groups\`?
`);
  });

  test('program cookies', () => {
    expectDiagnostics(`
program a { cookies = 5/0 }
                        ~ WBF5012 \`cookies\` is a space of its own, and a mask of 0 is everybody’s flows
`);
  });

  test('program id and cookies', () => {
    expectDiagnostics(`
program a { id = 5; cookies = 0x1030000000000/0xffff000000000000 }
                    ~~~~~~~ WBF5013 \`id\` and \`cookies\` both say which cookies are ours
            -- the id is given here
                              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ WBF5014 bits outside the mask are not looked at: the space is 0x1000000000000/0xffff000000000000
`);
  });

  test('bridges', () => {
    expectDiagnostics(`
bridge br0 {
       --- first declared here
  datapath = netdv
             ~~~~~ WBF5012 \`datapath\` is \`netdev\` or \`system\`; did you mean \`netdev\`?
  protocols = [OpenFlow15, OpenFlow16]
                           ~~~~~~~~~~ WBF5012 \`protocols\` is \`OpenFlow10\` to \`OpenFlow15\`; did you mean \`OpenFlow15\`?
  fail_mode = safe
              ~~~~ WBF5012 \`fail_mode\` is \`secure\` or \`standalone\`
  in_band = no
            ~~ WBF5012 \`in_band\` is \`true\` or \`false\`
  controller = ["tcp:127.0.0.1:6633", "127.0.0.1"]
                                      ~~~~~~~~~~~ WBF6004 this is no endpoint of a controller
  contoller = "x"
  ~~~~~~~~~ WBF5009 a bridge has no \`contoller\`; did you mean \`controller\`?
  port if0 = 1 { type = dpkd; options { "dpdk-devargs" = "0000:00:19.0" } }
                        ~~~~ WBF5012 \`type\` is an interface type of ovs-vswitchd.conf.db(5); did you mean \`dpdk\`?
  port if1 = 2 { type = internal; speed = 10 }
                                  ~~~~~ WBF5009 a port has no \`speed\`
  dpdk { cores = [1, 2000]; socket_memory = [1024, 0]; "dpdk-extra" = "x" }
                     ~~~~ WBF2114 a core is 0 to 1023, and this is 2000
}
bridge br1 { protocols = OpenFlow13; controller = "tcp:127.0.0.1" }
       ~~~ WBF6005 a program runs on one bridge
                         ~~~~~~~~~~ WBF5301 the program is compiled for OpenFlow 1.5, and the bridge does not list OpenFlow15
                                     ~~~~~~~~~~ WBF6001 with a controller and \`in_band\` not false, the switch adds hidden flows
                                     ~~~~~~~~~~ WBF6002 with a controller and \`fail_mode\` not secure, the switch forwards by itself when it is gone
`);
  });

  test('tests', () => {
    expectDiagnostics(`
port if0 = 1
test "ping" {
  packet { in_port = if1; icmp; icmp_type = echo_request; tcp_dst = 3 }
                     ~~~ WBF2005 there is no port called \`if1\`; did you mean \`if0\`?
                                                          ~~~~~~~ WBF3002 \`tcp_dst\` is there only where the packet is TCP, and this match says \`icmp\`
                          ---- the match says \`icmp\`
  expect { output in_port { eth_dst = 5 } }
}
test "reply" {
  packet { in_port = if0; icmp; ip_src = 10.0.0.1; icmp_type = echo_request }
  expect { output in_port { ip_src = fe80::1; icmp_typ = 3 }; forward; drop { ip_src = 10.0.0.1 } }
                                     ~~~~~~~ WBF2103 \`ip_src\` needs an IPv4 address, and this is an IPv6 address
                                              ~~~~~~~~ WBF2001 there is no field called \`icmp_typ\`; did you mean \`icmp_type\`?
                                                              ~~~~~~~ WBF6102 \`forward\` is nothing that a test can expect
                                                                       ~~~~~~~~~~~~~~~~~~~~~~~~~~ WBF6102 \`drop\` is nothing that a test can expect
}
test "nothing" { }
     ~~~~~~~~~ WBF6101 this test has no \`packet\`
     ~~~~~~~~~ WBF6101 this test has no \`expect\`
test { packet { tcp } expect { drop } }
     ~ WBF1101 expected the name of the test, in quotes, found \`{\`
`);
  });
});

describe('the program', () => {
  const program = (text: string, path = 'dir/my-rules.wbf') => {
    const { program: ir, diagnostics } = compile({ path, text });
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    return ir;
  };

  test('has the name and the cookies of its file, unless it says otherwise', () => {
    expect(program('')).toMatchObject({
      name: 'my_rules',
      cookies: programCookies(programIdFromName('my_rules')),
    });
    expect(program('program other')).toMatchObject({
      name: 'other',
      cookies: programCookies(programIdFromName('other')),
    });
    expect(program('program other { id = 0xa01 }')).toMatchObject({
      name: 'other',
      cookies: programCookies(0xa01),
    });
  });

  test('may have another cookie space', () => {
    // As on the page of the language: bits outside the mask are not looked at.
    const text = 'program n { cookies = 0x1030000000000/0xffff000000000000 }';
    expect(program(text)?.cookies).toEqual({ value: 0x1000000000000n, mask: 0xffff000000000000n });
    expect(check(text).diagnostics.map((d) => d.severity)).toEqual(['warning']);
  });

  test('knows its tables and ports', () => {
    const ir = program(
      'port a = 1\nbridge br0 { port b = 2 { type = internal } }\ntable t = 3 { miss = drop }',
    );
    expect([...(ir?.ports ?? [])]).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect([...(ir?.tables ?? [])]).toEqual([[3, 't']]);
  });
});

describe('constants', () => {
  test('may be declared behind their use and in any order', () => {
    expect(
      check('flow { match { reg0 = a } action { drop } }\nconst a = b\nconst b = 1').diagnostics,
    ).toEqual([]);
  });

  test('that go on for ever end', () => {
    const chain = (n: number): string =>
      Array.from({ length: n }, (_, i) => `const a${i} = ${i === n - 1 ? '5' : `a${i + 1}`}\n`).join('');
    const flow = 'flow { match { reg0 = a0 } action { drop } }\n';
    expect(check(chain(100) + flow).diagnostics).toEqual([]);
    expect(check(chain(102) + flow).diagnostics.map((d) => d.code)).toEqual(['WBF5015']);
    expect(check(chain(20_000) + flow).diagnostics.map((d) => d.code)).toEqual(['WBF5015']);
  });
});

describe('fixes', () => {
  test.each([
    ['register a = reg0\nregister b = reg0[0..7]\n', 'register a = reg0\nregister b = reg0[0..7] alias\n'],
    ['table t = 0 { }\n', 'table t = 0 { miss = drop }\n'],
    ['table t = 0 {\n}\n', 'table t = 0 { miss = drop \n}\n'],
    [
      'table t = 0 { flow { match { tcp } action { drop } } }\n',
      'table t = 0 { miss = drop; flow { match { tcp } action { drop } } }\n',
    ],
    [
      'table t = 0 {\n  // web\n  flow { match { tcp } action { drop } }\n}\n',
      'table t = 0 {\n  // web\n  miss = drop\n  flow { match { tcp } action { drop } }\n}\n',
    ],
    [
      'bridge br0 {\n  fail_mode = secure\n  controller = "tcp:127.0.0.1"\n}\n',
      'bridge br0 {\n  in_band = false\n  fail_mode = secure\n  controller = "tcp:127.0.0.1"\n}\n',
    ],
    [
      'bridge br0 { in_band = true; fail_mode = secure; controller = "ptcp:" }\n',
      'bridge br0 { in_band = false; fail_mode = secure; controller = "ptcp:" }\n',
    ],
    ['bridge br0 { datapath = netdv }\n', 'bridge br0 { datapath = netdev }\n'],
    ['program p { meters = 5-3 }\n', 'program p { meters = 3-5 }\n'],
  ])('%j', (before, after) => {
    expect(applyFix(check(before))).toBe(after);
    expect(check(after).diagnostics).toEqual([]);
  });
});

test('the program on the page of the language has no mistakes', () => {
  const text = `/// Answers ARP and ping for one address: the smallest useful white-box switch.
program whitebox { id = 0x00a01 }

const self_ip  = 10.11.22.26
const self_mac = 00:00:00:00:99:99

bridge br0 {
  datapath   = netdev
  protocols  = [OpenFlow15]
  fail_mode  = secure
  in_band    = false
  controller = "tcp:127.0.0.1:6633"
  port if0 = 1 { type = dpdk; options { "dpdk-devargs" = "0000:00:19.0" } }
}

table ingress = 0 {
  miss = drop
  flow arp_reply {
    priority = 10
    match { arp; in_port = if0; eth_dst = ff:ff:ff:ff:ff:ff; arp_op = request; arp_tpa = self_ip; arp_tha = 00:00:00:00:00:00 }
    action { output in_port }
  }
}

test "ping is answered" {
  packet  { in_port = if0; icmp; eth_src = 02:00:00:00:00:01; eth_dst = self_mac; ip_src = 10.11.22.1; ip_dst = self_ip; icmp_type = echo_request }
  expect  { output in_port { eth_dst = 02:00:00:00:00:01; ip_src = self_ip; icmp_type = echo_reply } }
}
`;
  expect(check(text).diagnostics).toEqual([]);
});
