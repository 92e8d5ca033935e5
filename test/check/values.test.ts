/** Values typed by the field they stand beside. */
import { describe, expect, test } from 'vitest';
import { applyFix, check, expectDiagnostics } from './expect.ts';

describe('diagnostics', () => {
  test('too wide', () => {
    expectDiagnostics(`
flow { match { vlan_vid = 5000 } action { drop } }
                          ~~~~ WBF2101 5000 does not fit \`vlan_vid\`, which has 12 bits (at most 4095)
flow { match { vlan_vid = 0x2005 } action { drop } }
                          ~~~~~~ WBF2101 0x2005 does not fit \`vlan_vid\`, which has 12 bits (at most 4095)
flow { match { tcp; tcp_dst = 70000 } action { drop } }
                              ~~~~~ WBF2101 70000 does not fit \`tcp_dst\`, which has 16 bits (at most 65535)
flow { match { reg0[0..3] = 16 } action { drop } }
                            ~~ WBF2101 16 does not fit \`reg0[0..3]\`, which has 4 bits (at most 0xf)
flow { match { mpls; mpls_bos = 2 } action { drop } }
                                ~ WBF2101 2 does not fit \`mpls_bos\`, which has 1 bit (at most 1)
flow { match { reg0 = 1/0x1ffffffff } action { drop } }
                        ~~~~~~~~~~~ WBF2101 the mask 0x1ffffffff does not fit \`reg0\`, which has 32 bits (at most 0xffffffff)
flow { match { vlan_vid = 1/0xffff } action { drop } }
                            ~~~~~~ WBF2101 the mask 0xffff does not fit \`vlan_vid\`, which has 12 bits (at most 4095)
flow { match { ct_state = 0x1ff } action { drop } }
                          ~~~~~ WBF2102 0x1ff is no value of \`ct_state\`, which takes 0 to 255
`);
  });

  test('outside the domain', () => {
    expectDiagnostics(`
flow { match { arp; arp_op = 257 } action { drop } }
                             ~~~ WBF2102 257 is no value of \`arp_op\`, which takes 0 to 255
flow { match { ip; nw_tos = 3 } action { drop } }
                            ~ WBF2102 3 is no value of \`nw_tos\`, which takes multiples of 4 up to 252 (DSCP in its place)
flow { match { eth_type = nsh; nsh_mdtype = 3 } action { drop } }
                                            ~ WBF2102 3 is no value of \`nsh_mdtype\`, which takes 1 (\`md1\`) or 2 (\`md2\`)
flow { match { eth_type = nsh; nsh_ttl = 64 } action { drop } }
                                         ~~ WBF2102 64 is no value of \`nsh_ttl\`, which takes 0 to 63
flow { match { ct_state = 0/0x100 } action { drop } }
                            ~~~~~ WBF2102 the mask 0x100 is no value of \`ct_state\`, which takes bits below 0x100
`);
  });

  test('of the wrong kind', () => {
    expectDiagnostics(`
flow { match { ip; ip_dst = 00:00:00:00:99:99 } action { drop } }
                            ~~~~~~~~~~~~~~~~~ WBF2103 \`ip_dst\` needs an IPv4 address, and this is a MAC address
flow { match { ip; ip_dst = 0x0a000001 } action { drop } }
                            ~~~~~~~~~~ WBF2103 \`ip_dst\` needs an IPv4 address, and this is a number
flow { match { ip; ip_dst = fe80::1 } action { drop } }
                            ~~~~~~~ WBF2103 \`ip_dst\` needs an IPv4 address, and this is an IPv6 address
flow { match { eth_dst = 1 } action { drop } }
                         ~ WBF2103 \`eth_dst\` needs a MAC address, and this is a number
flow { match { tcp; tcp_dst = "80" } action { drop } }
                              ~~~~ WBF2103 \`tcp_dst\` needs a number, and this is a text
flow { match { tcp; tcp_dst = 30s } action { drop } }
                              ~~~ WBF2103 \`tcp_dst\` needs a number, and this is a duration
flow { match { tcp; tcp_dst = +syn } action { drop } }
                              ~~~~ WBF2103 \`tcp_dst\` needs a number, and this is a set of flags
flow { match { tcp; tcp_dst = 10.0.0.1 } action { drop } }
                              ~~~~~~~~ WBF2103 \`tcp_dst\` needs a number, and this is an IPv4 address
flow { match { reg0 = 02:00:00:00:00:01 } action { drop } }
                      ~~~~~~~~~~~~~~~~~ WBF2101 02:00:00:00:00:01 does not fit \`reg0\`, which has 32 bits (at most 0xffffffff)
flow { match { ct_mark = fe80::1 } action { drop } }
                         ~~~~~~~ WBF2101 fe80::1 does not fit \`ct_mark\`, which has 32 bits (at most 0xffffffff)
flow { match { in_port = 10.0.0.1 } action { drop } }
                         ~~~~~~~~ WBF2103 \`in_port\` needs a port, and this is an IPv4 address
`);
  });

  test('masks', () => {
    expectDiagnostics(`
flow { match { ip; ip_proto = 6/0xf } action { drop } }
                              ~~~~~ WBF2104 \`ip_proto\` is compared as a whole: it takes no mask
flow { match { ip; ip_dscp[0..2] = 1 } action { drop } }
                          ~~~~~~ WBF2104 \`ip_dscp\` is compared as a whole: it takes no mask
flow { match { metadata = 0x15/0xf0 } action { drop } }
                          ~~~~~~~~~ WBF2106 0x15 has bits outside its mask 0xf0, which leaves only 0x10
flow { match { eth_dst = 01:02:00:00:00:00/ff:00:00:00:00:00 } action { drop } }
                         ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ WBF2106 01:02:00:00:00:00 has bits outside its mask ff:00:00:00:00:00, which leaves only 01:00:00:00:00:00
flow { match { eth_dst = 01:00:00:00:00:00/8 } action { drop } }
                                           ~ WBF2103 \`eth_dst\` needs a mask written as a MAC address, and this is a number
flow { match { ip; ip_dst = 10.0.0.0/33 } action { drop } }
                                     ~~ WBF2108 an address of 32 bits has no prefix of 33
flow { match { ip; ip_dst = 10.0.0.0/00:00:00:00:00:01 } action { drop } }
                                     ~~~~~~~~~~~~~~~~~ WBF2103 \`ip_dst\` needs a prefix length, or a mask written as an address, and this is a MAC address
flow { match { ip; ip_dst = 10.0.0.7/255.0.255.0 } action { drop } }
                            ~~~~~~~~~~~~~~~~~~~~ WBF2106 10.0.0.7 has bits outside its mask 255.0.255.0, which leaves only 10.0.0.0
flow { match { ipv6; ipv6_dst = 2001:db8::1/32 } action { drop } }
                                ~~~~~~~~~~~~~~ WBF2107 2001:db8::1/32 has host bits outside its prefix: it matches 2001:db8::/32
flow { match { ip; ip_dst = 10.0.0.7/8; ip_src = 10.0.0.7/255.0.0.0 } action { drop } }
                            ~~~~~~~~~~ WBF2107 10.0.0.7/8 has host bits outside its prefix: it matches 10.0.0.0/8
                                                 ~~~~~~~~~~~~~~~~~~ WBF2107 10.0.0.7/255.0.0.0 has host bits outside its prefix: it matches 10.0.0.0/255.0.0.0
flow { match { ct_state = +trk/5 } action { drop } }
                          ~~~~ WBF2117 \`+trk\` has a mask of its own already
flow { match { vlan_vid = 0x100a/0xfff } action { drop } }
                          ~~~~~~~~~~~~ WBF2106 0x100a has bits outside its mask 0xfff, which leaves only 0xa
`);
  });

  test('flags', () => {
    expectDiagnostics(`
flow { match { ct_state = +trk+estab } action { drop } }
                               ~~~~~ WBF2109 \`ct_state\` has no flag \`estab\`; did you mean \`est\`?
flow { match { ct_state = +trk+trk-trk } action { drop } }
                               ~~~ WBF2110 \`trk\` is there twice
                                   ~~~ WBF2110 \`trk\` cannot be both set and not set
flow { match { ct_state = trk } action { drop } }
                          ~~~ WBF2111 a flag has a sign: \`+trk\` for set, \`-trk\` for not set
flow { match { tcp; tcp_flags = syn } action { drop } }
                                ~~~ WBF2111 a flag has a sign: \`+syn\` for set, \`-syn\` for not set
flow { match { ct_state[0..1] = +new } action { drop } }
                                ~~~~ WBF2103 \`ct_state[0..1]\` needs a number, and this is a set of flags
`);
  });

  test('subfields', () => {
    expectDiagnostics(`
flow { match { reg0[16..32] = 1; reg1[5..3] = 1; reg2[x] = 1; tun_flags[1] = 1 } action { drop } }
                   ~~~~~~~~ WBF2007 \`reg0\` has the bits 0 to 31, there is no bit 32
                                     ~~~~~~ WBF2006 bits are written from the lowest to the highest: [3..5]
                                                      ~ WBF2005 there is no constant called \`x\`
                                                                       ~~~ WBF2007 \`tun_flags\` has only bit 0, there is no bit 1
`);
  });

  test('names', () => {
    expectDiagnostics(`
const web = 80
flow { match { tcp; tcp_dst = wbe } action { drop } }
                              ~~~ WBF2005 there is no value of \`tcp_dst\` or constant called \`wbe\`; did you mean \`web\`?
flow { match { tcp; tcp_dst = htpps } action { drop } }
                              ~~~~~ WBF2005 there is no value of \`tcp_dst\` or constant called \`htpps\`; did you mean \`https\`?
flow { match { arp; arp_op = REQUEST } action { drop } }
                             ~~~~~~~ WBF2002 \`REQUEST\` is written \`request\`
flow { match { ip; ip_dst = eth_dst } action { drop } }
                            ~~~~~~~ WBF2009 \`eth_dst\` is a field, and an IPv4 address is needed here
flow { match { ip; ip_dst = a.b } action { drop } }
                            ~ WBF2005 there is no record, parameter or imported file called \`a\`
flow { match { reg0 = reg1[0..3] } action { drop } }
                      ~~~~~~~~~~ WBF2009 \`reg1[0..3]\` is a field, and a number is needed here
`);
  });

  test('constants are typed where they are used', () => {
    expectDiagnostics(`
const mac = 00:00:00:00:99:99
            ----------------- \`mac\` is declared here
            ----------------- \`mac\` is declared here
const net = 10.0.0.0/8
const lost = nowhere
             ~~~~~~~ WBF2005 there is no constant called \`nowhere\`
const field = eth_src
              ~~~~~~~ WBF2009 \`eth_src\` is a field, and a value is needed here
const loop = pool
      ~~~~ WBF5003 \`loop\` stands for itself
const pool = loop/24
      ---- by way of this
const op = request
           ------- \`op\` is declared here
flow { match { ip; ip_dst = mac } action { drop } }
                            ~~~ WBF2103 \`ip_dst\` needs an IPv4 address, and this is a MAC address
flow { match { ip; ip_dst = net/16 } action { drop } }
                            ~~~ WBF2117 \`net\` has a mask of its own already
flow { match { ip; ip_dst = net } action { drop } }
flow { match { ip; ip_dst = lost; ip_src = loop; eth_src = field } action { drop } }
flow { match { ip; ip_dst = op } action { drop } }
                            ~~ WBF2005 there is no constant called \`request\`
flow { priority = mac; match {} action { drop } }
                  ~~~ WBF2115 \`priority\` is a number, and this is a MAC address
`);
  });

  test('ports', () => {
    expectDiagnostics(`
port uplink = 1
port wan = "eth0"
const reserved = 65534
                 ----- \`reserved\` is declared here
flow { match { in_port = upling } action { drop } }
                         ~~~~~~ WBF2005 there is no port called \`upling\`; did you mean \`uplink\`?
flow { match { in_port = Uplink } action { drop } }
                         ~~~~~~ WBF2002 \`Uplink\` is written \`uplink\`
flow { match { in_port = LOCAL } action { drop } }
                         ~~~~~ WBF2002 \`LOCAL\` is written \`local\`
flow { match { in_port = 65534 } action { drop } }
                         ~~~~~ WBF2012 port 65534 is \`local\`: write the name
flow { match { in_port = 0xfffffffe } action { drop } }
                         ~~~~~~~~~~ WBF2012 port 4294967294 is \`local\`: write the name
flow { match { in_port = 65300 } action { drop } }
                         ~~~~~ WBF2017 65300 is the number of no port: ports are 1 to 65279
flow { match { in_port = 100000 } action { drop } }
                         ~~~~~~ WBF2013 100000 is not a port number: ports are 1 to 65279
flow { match { in_port = reserved } action { drop } }
                         ~~~~~~~~ WBF2012 port 65534 is \`local\`: write the name
flow { match { in_port = wan } action { drop } }
flow { match { in_port = 7 } action { output 8 } }
                         ~ WBF2011 this program declares ports, but none with the number 7
                                             ~ WBF2011 this program declares ports, but none with the number 8
flow { match {} action { output any } }
                                ~~~ WBF2015 nothing can be sent to \`any\`
flow { match {} action { output 0 } }
                                ~ WBF2017 0 is the number of no port: ports are 1 to 65279
`);
  });
});

const flow = (match: string, before = ''): string =>
  `${before}flow f { match { ${match} } action { drop } }\n`;

describe('values on the wire', () => {
  const value = (match: string, before = ''): string => {
    const { diagnostics, flows } = check(flow(match, before));
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const found = flows[0]?.match.at(-1);
    return `${found?.value.toString(16) ?? '-'}${found?.mask == null ? '' : `/${found.mask.toString(16)}`}`;
  };

  test.each([
    ['vlan_vid = 10', '100a'],
    ['vlan_vid = 0', '1000'],
    ['vlan_vid = 4095', '1fff'],
    ['vlan_vid = 0x100a', '100a'],
    ['vlan_vid = none', '0'],
    ['vlan_vid = 5/0xf', '1005/100f'],
    ['vlan_vid = 5/0xfff', '1005'],
    ['vlan_vid = 0x1000/0x1000', '1000/1000'],
    ['vlan_vid = 0/0x1000', '0/1000'],
    ['vlan_vid[0..3] = 5', '1005/100f'],
    ['vlan_tci = 0x1005/0x1fff', '1005/1fff'],
    ['dl_vlan = 10', 'a'],
    ['eth_dst = 01:00:00:00:00:00/01:00:00:00:00:00', '10000000000/10000000000'],
    ['ip; ip_dst = 10.0.0.0/8', 'a000000/ff000000'],
    ['ip; ip_dst = 10.0.0.7/8', 'a000000/ff000000'],
    ['ip; ip_dst = 10.0.0.1/32', 'a000001'],
    ['ip; ip_dst = 10.0.0.1/255.255.255.255', 'a000001'],
    ['ip; ip_dst = 10.0.3.0/255.0.255.0', 'a000300/ff00ff00'],
    ['ipv6; ipv6_dst = 2001:db8::/32', '20010db8000000000000000000000000/ffffffff000000000000000000000000'],
    ['metadata = 0x10/0xf0', '10/f0'],
    ['reg0[0..15] = 5', '5/ffff'],
    ['reg0[16..31] = 5', '50000/ffff0000'],
    ['reg0[4] = 1', '10/10'],
    ['reg0[] = 5', '5'],
    ['reg0[0..7] = 5/0xf', '5/f'],
    ['reg0 = 10.0.0.1', 'a000001'],
    ['reg0 = 10.0.0.0/8', 'a000000/ff000000'],
    ['xreg0 = 02:00:00:00:00:01', '20000000001'],
    ['xxreg0 = fe80::1', 'fe800000000000000000000000000001'],
    ['metadata[0..47] = 02:00:00:00:00:01', '20000000001/ffffffffffff'],
    ['ct_state = +trk+est-new', '22/23'],
    ['ct_state = 0x21/0x23', '21/23'],
    ['tcp; tcp_flags = +syn-ack', '2/12'],
    ['tun_flags = +oam', '1'],
    ['ip; ip_frag = first', '1'],
    ['ip; ip_frag = yes', '1/1'],
    ['ip; ip_frag = not_later', '0/2'],
    ['ip; ip_proto = 6/0xff', '6'],
    ['arp; arp_op = reply', '2'],
    ['eth_type = lldp', '88cc'],
    ['packet_type = nsh', '1894f'],
    ['tcp; tcp_dst = https', '1bb'],
    ['tcp; tcp_dst = 0x1f40/0xfff8', '1f40/fff8'],
    ['ip; ip_dscp = ef', '2e'],
    ['in_port = local', 'fffe'],
    ['in_port_oxm = local', 'fffffffe'],
    ['actset_output = unset', 'fffffff7'],
    ['in_port = 0', '0'],
    ['NXM_OF_IN_PORT = 5', '5'],
    ['ip; OXM_OF_IPV4_SRC = 10.0.0.1', 'a000001'],
    ['ip; nw_src = 10.0.0.1', 'a000001'],
  ])('%s is %s', (match, wanted) => {
    expect(value(match)).toBe(wanted);
  });

  test.each([
    ['const a = 5\n', 'reg0 = a', '5'],
    ['const a = b\nconst b = 5\n', 'reg0 = a', '5'],
    ['const lab = 10.0.0.0/8\n', 'ip; ip_dst = lab', 'a000000/ff000000'],
    ['const host = 10.0.0.0\nconst len = 8\n', 'ip; ip_dst = host/len', 'a000000/ff000000'],
    ['const host = 10.0.0.0\nconst net = host/8\n', 'ip; ip_dst = net', 'a000000/ff000000'],
    ['const op = request\n', 'arp; arp_op = op', '1'],
    ['const last = 3\n', 'reg0[0..last] = 5', '5/f'],
    ['const tracked = +trk\n', 'ct_state = tracked', '20/20'],
    ['port up = 7\n', 'in_port = up', '7'],
    ['port up = 7\nconst one = up\n', 'in_port = one', '7'],
    ['port up = 7\n', 'reg0 = up', '7'],
    ['register zone = reg3[0..15]\n', 'zone = 5', '5/ffff'],
    ['register zone = reg3[16..31]\n', 'zone[4..7] = 5', '500000/f00000'],
    ['register whole = xreg1\n', 'whole = 5', '5'],
  ])('%j: %s is %s', (before, match, wanted) => {
    expect(value(match, before)).toBe(wanted);
  });
});

describe('fixes', () => {
  test.each([
    ['ip; ip_dst = 10.0.0.7/8', 'ip; ip_dst = 10.0.0.0/8'],
    ['metadata = 0x15/0xf0', 'metadata = 0x10/0xf0'],
    ['eth_dst = 01:02:00:00:00:00/ff:00:00:00:00:00', 'eth_dst = 01:00:00:00:00:00/ff:00:00:00:00:00'],
    ['ct_state = trk', 'ct_state = +trk'],
    ['ct_state = +trk+esd', 'ct_state = +trk+est'],
    ['in_port = 65534', 'in_port = local'],
    ['in_port = LOCAL', 'in_port = local'],
    ['arp; arp_op = Request', 'arp; arp_op = request'],
    ['arp; arp_op = reqest', 'arp; arp_op = request'],
    ['tcp_dest = 80', 'tcp_dst = 80'],
    ['ETH_DST = 02:00:00:00:00:01', 'eth_dst = 02:00:00:00:00:01'],
    ['reg0[7..0] = 1', 'reg0[0..7] = 1'],
  ])('%s → %s', (match, wanted) => {
    expect(applyFix(check(flow(match)))).toBe(flow(wanted));
  });

  test('are none where the mistake stands in a constant', () => {
    const { diagnostics } = check(flow('ip; ip_dst = net', 'const net = 10.0.0.7/8\n'));
    expect(diagnostics.map((d) => [d.code, d.fixes])).toEqual([['WBF2107', []]]);
  });
});
