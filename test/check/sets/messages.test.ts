/** What is said about sets, ranges, negation and alternatives. */
import { describe, expect, test } from 'vitest';
import { applyFix, check, expectDiagnostics } from '../expect.ts';

describe('diagnostics', () => {
  test('elements of a set, each at its place', () => {
    expectDiagnostics(`
flow { match { tcp; tcp_dst in {80, 70000, 10.0.0.1, 80, 9-1, {1, 2}, http..https, 0-1} } action { drop } }
                                    ~~~~~ WBF2101 70000 does not fit \`tcp_dst\`, which has 16 bits (at most 65535)
                                           ~~~~~~~~ WBF2103 \`tcp_dst\` needs a number, and this is an IPv4 address
                                                         ~~~ WBF3302 a range goes from the lower to the higher value, and 9 is above 1
flow { match { ip; ip_src in 10.0.0.1-2001::1 } action { drop } }
                                      ~~~~~~~ WBF2103 \`ip_src\` needs an IPv4 address, and this is an IPv6 address
flow { match { ip; nw_ttl in {1/1, 3} } action { drop } }
                              ~~~ WBF2104 \`nw_ttl\` is compared as a whole: it takes no mask
flow { match { reg0 in {10.0.0.1..20} } action { drop } }
                        ~~~~~~~~~~~~ WBF3303 a range has two ends of one kind, and these are an IPv4 address and a number
flow { match { reg0[0..3] in {20, 1-16} } action { drop } }
                              ~~ WBF2101 20 does not fit \`reg0[0..3]\`, which has 4 bits (at most 0xf)
                                    ~~ WBF2101 16 does not fit \`reg0[0..3]\`, which has 4 bits (at most 0xf)
flow { match { ct_state in {+trk+est, +trk+foo, est} } action { drop } }
                                           ~~~ WBF2109 \`ct_state\` has no flag \`foo\`
                                                ~~~ WBF2111 a flag has a sign: \`+est\` for set, \`-est\` for not set
`);
  });

  test('elements that change nothing, and sets that say nothing', () => {
    expectDiagnostics(`
flow { match { ip; ip_src in {10.0.0.0/8, 10.1.0.0/16, 10.0.0.0/8} } action { drop } }
                                          ~~~~~~~~~~~ WBF3305 \`10.1.0.0/16\` is in the set already
                              ---------- here
                                                       ~~~~~~~~~~ WBF3305 \`10.0.0.0/8\` is in the set already
                              ---------- here
flow { match { tcp; tcp_dst in 0-65535 } action { drop } }
                               ~~~~~~~ WBF3306 every value of \`tcp_dst\` is in the set, so the term says nothing
flow { match { udp; nw_ttl in 0-255 } action { drop } }
                              ~~~~~ WBF3306 every value of \`nw_ttl\` is in the set, so the term says nothing
`);
  });

  test('nothing is left', () => {
    expectDiagnostics(`
flow { match { tcp; tcp_dst in {} } action { drop } }
                               ~~ WBF3301 there is no value that \`tcp_dst\` could have
flow { match { tcp; tcp_dst != 0-65535 } action { drop } }
                               ~~~~~~~ WBF3301 there is no value that \`tcp_dst\` could have
flow { match { tcp; tcp_dst in 1-10; tcp_dst in 20-30 } action { drop } }
                                     ~~~~~~~~~~~~~~~~ WBF3308 these terms leave no value that \`tcp_dst\` could have
                    --------------- this has to hold, too
`);
  });

  test('what has no masks is not negated, but something can be taken out of it', () => {
    expectDiagnostics(`
flow { match { ip; nw_ttl != 1 } action { drop } }
                          ~~ WBF3307 \`!=\` needs masks, and \`nw_ttl\` can only be matched with one value at a time
flow { match { ip; nw_ttl in 1-9; nw_ttl not in {5, 3} } action { drop } }
flow { match { protocol != tcp } action { drop } }
                        ~~ WBF3313 there is no \`!=\` for protocols
`);
  });

  test('an alternative that lacks something is told once, by name', () => {
    const { diagnostics } = expectDiagnostics(`
flow { match { protocol in {tcp, udp}; tcp_dst = 80 } action { drop } }
                                       ~~~~~~~ WBF3002 \`tcp_dst\` is there only where the packet is TCP, and this match says \`udp\`
                                 --- the match says \`udp\`
flow { match { protocol in {tcp, udp, sctp}; ip_src in {10.0.0.1, 10.0.0.3}; tcp_dst in {80, 443} } action { drop } }
                                                                             ~~~~~~~ WBF3002 \`tcp_dst\` is there only where the packet is TCP, and this match says \`udp\`
                                 --- the match says \`udp\`
flow { match { protocol in {tcp, udp} } action { tcp_dst = 80; normal } }
                                                 ~~~~~~~ WBF4003 \`tcp_dst\` needs that the packet is TCP, and \`nw_proto\` in the match says otherwise
                                 --- the match says this
flow { match { vlan_vid != 10; vlan_pcp = 5 } action { drop } }
                               ~~~~~~~~ WBF3002 \`vlan_pcp\` is there only where the packet has a VLAN tag, and this match says \`vlan_vid = none\`
               -------- the match says \`vlan_vid = none\`
flow { match { tcp } match { tcp; udp_dst = 3 } action { drop } }
                                  ~~~~~~~ WBF3002 \`udp_dst\` is there only where the packet is UDP, and this match says \`tcp\`
                             --- the match says \`tcp\`
`);
    expect(diagnostics.map((d) => d.notes[0])).toEqual([
      'this is about the alternative `udp`',
      'this is about the alternative `udp`, and 1 more of the 3 alternatives',
      'this is about the alternative `udp`',
      'this is about the alternative `vlan_vid = none`',
      'this is about the alternative `match 2`',
    ]);
  });

  test('what all alternatives lack has its fix', () => {
    const checked = check('flow { match { tcp_dst in {80, 443}; vlan_vid in {none, 5} } action { drop } }\n');
    expect(checked.diagnostics.map((d) => d.code)).toEqual(['WBF3001']);
    expect(applyFix(checked)).toBe(
      'flow { match { tcp; tcp_dst in {80, 443}; vlan_vid in {none, 5} } action { drop } }\n',
    );
  });

  test('protocols', () => {
    expectDiagnostics(`
flow { match { protocol in {tcp, 17, foo, tcp} } action { drop } }
                                 ~~ WBF3312 \`protocol\` is compared with protocols, and this is a number
                                     ~~~ WBF3005 there is no protocol called \`foo\`
                                          ~~~ WBF3305 \`tcp\` is in the set already
                            --- here
flow { match { tcp; ip_proto in {6, 17} } action { drop } }
                    ~~~~~~~~~~~~~~~~~~~ WBF3004 \`tcp\` and \`ip_proto = 17\` exclude each other
               --- the match says \`tcp\` here
`);
  });

  test('too many: counted, not made, with the term to blame', () => {
    expectDiagnostics(`
flow { match { in_port in 1-60000 } action { drop } }
               ~~~~~~~~~~~~~~~~~~ WBF3309 this flow would become 60000 flows (the limit is 4096): \`in_port in 1-60000\` alone has 60000 values
flow { match { ip; nw_ttl in 1-200; ip_proto in 1-250; in_port in 1-100 } action { drop } }
                                    ~~~~~~~~~~~~~~~~~ WBF3309 this flow would become 75250 flows (the limit is 4096): \`ip_proto in 1-250\` alone has 250 values
                   --------------- 200 values
                                                       ---------------- 100 values
flow { match { packet_type in 1-0xffffffff } action { drop } }
               ~~~~~~~~~~~~~~~~~~~~~~~~~~~ WBF3309 this flow would become 4294967295 flows (the limit is 4096): \`packet_type in 1-0xffffffff\` alone has 4294967295 values
`);
  });

  test('the limit is the program’s', () => {
    const flow = 'table t = 0 { miss = drop; flow f { match { in_port in 1-5000 } action { drop } } }\n';
    expect(check(flow).diagnostics.map((d) => d.code)).toEqual(['WBF3309']);
    expect(check(`program p { max_expansion = 5000 }\n${flow}`).flows).toHaveLength(5001);
  });

  test('a conjunction that cannot be', () => {
    expectDiagnostics(`
flow { expand = conjunction; match { tcp; tcp_dst in {80, 443} } action { drop } }
                ~~~~~~~~~~~ WBF3310 this flow cannot be expanded into a conjunction: it has no two terms with several values that can be apart
flow { expand = conjunction; idle_timeout = 5; match { tcp; tcp_dst in {80, 443}; tcp_src in {1, 3} } action { drop } }
                ~~~~~~~~~~~ WBF3310 this flow cannot be expanded into a conjunction: with \`idle_timeout\`, its parts would expire while it is in use
flow { expand = both; match { tcp; tcp_dst = 1 } action { drop } }
                ~~~~ WBF5012 \`expand\` is \`cross\` or \`conjunction\`
`);
  });

  test('each port that a packet may come in by is compared with those it is sent to', () => {
    expectDiagnostics(`
flow { match { in_port in 1-3 } action { output 2 } }
                                                ~ WBF4101 nothing is sent: the packet came in by port 2, and is never sent back where it came from
               ------- the packet comes in by this port
`);
  });

  test('names of constants that are sets', () => {
    expectDiagnostics(`
const web = {80, 443, more}
            --------------- \`web\` is declared here
            --------------- \`web\` is declared here
const more = 8000-8099
flow { match { tcp; tcp_dst in {web, 22} } action { drop } }
flow { match { ip; ip_src in web } action { drop } }
                             ~~~ WBF2103 \`ip_src\` needs an IPv4 address, and this is a number
flow { match { tcp; tcp_src = 5 } action { tcp_dst = web; normal } }
                                                     ~~~ WBF3315 one value is needed here, and this is a set
`);
  });
});
