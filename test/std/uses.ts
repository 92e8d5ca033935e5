/** A use of every template of the standard library, by module and name; the reference shows them, and a switch takes them. */
export const USES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'std/arp': {
    responder: 'use arp.responder(10.0.0.1, 02:00:00:00:00:01)',
    broadcast_responder: 'use arp.broadcast_responder(uplink, 10.0.0.1, 02:00:00:00:00:01)',
    flood_all: 'use arp.flood_all()',
    allow: 'use arp.allow(checked)',
    guard: 'use arp.guard(desk, 10.0.0.7, 02:00:00:00:00:07, next = checked)',
  },
  'std/icmp': {
    responder: 'use icmp.responder(10.0.0.1, 02:00:00:00:00:01)',
    allow_ping: 'use icmp.allow_ping(checked)',
    allow_errors: 'use icmp.allow_errors(checked)',
    deny_redirects: 'use icmp.deny_redirects()',
  },
  'std/icmp6': {
    responder: 'use icmp6.responder(fd00::1, 02:00:00:00:00:01)',
    neighbor_responder: 'use icmp6.neighbor_responder(fd00::1, 02:00:00:00:00:01, router = true)',
    allow_discovery: 'use icmp6.allow_discovery(checked)',
    allow_errors: 'use icmp6.allow_errors(checked)',
    guard_router: 'use icmp6.guard_router(uplink, checked)',
  },
  'std/dhcp': {
    allow: 'use dhcp.allow(checked)',
    guard: 'use dhcp.guard(uplink, checked)',
    deny_server: 'use dhcp.deny_server(desk)',
    guard6: 'use dhcp.guard6(uplink, checked)',
  },
  'std/acl': {
    allow_tcp: 'use acl.allow_tcp(10.0.0.0/24, {80, 443}, checked)',
    allow_udp: 'use acl.allow_udp(10.0.0.53, {53}, checked)',
    allow_from: 'use acl.allow_from(10.0.0.0/24, checked)',
    deny_from: 'use acl.deny_from(10.0.9.0/24)',
    deny_to: 'use acl.deny_to(10.0.9.0/24)',
    deny_martians: 'use acl.deny_martians()',
    track: 'use acl.track(7, checked)',
    known: 'use acl.known(forward)',
    open_from: 'use acl.open_from(desk, 7, forward)',
    open_tcp: 'use acl.open_tcp(10.0.0.80, {80, 443}, 7, forward)',
    open_udp: 'use acl.open_udp(10.0.0.53, {53}, 7, forward)',
  },
  'std/l2': {
    learn: 'use l2.learn(macs)',
    static: 'use l2.static(02:00:00:00:00:07, desk)',
    static_vlan: 'use l2.static_vlan(10, 02:00:00:00:00:07, desk)',
    deny_reserved: 'use l2.deny_reserved()',
    secure_port: 'use l2.secure_port(desk, 02:00:00:00:00:07, checked)',
    storm_guard: 'use l2.storm_guard(uplink, storms, checked)',
  },
  'std/nat': {
    track: 'use nat.track(7, checked)',
    known: 'use nat.known(forward)',
    source: 'use nat.source(10.0.0.0/24, 192.0.2.1, 7, forward)',
    destination: 'use nat.destination(192.0.2.2, 10.0.0.80, 7, forward)',
    forward_tcp: 'use nat.forward_tcp(192.0.2.1, 8080, 10.0.0.80, 80, 7, forward)',
    forward_udp: 'use nat.forward_udp(192.0.2.1, 53, 10.0.0.53, 53, 7, forward)',
  },
};

/** A whole program around uses of one module, each in a table of its own, with what they speak of. */
export function programOf(module: string, uses: readonly string[]): string {
  const tables = uses.map((use, i) => {
    // `learn` takes what nothing else takes.
    const miss = use.includes('learn') ? '' : '  miss = drop\n';
    return `table t${uses.length === 1 ? '' : i} = ${i} {\n${miss}  ${use}\n}\n`;
  });
  const spoken = uses.join('\n');
  const needed = (name: string, text: string): string =>
    new RegExp(`\\b${name}\\b`).test(spoken) ? text : '';
  const declared = [
    needed('storms', 'program demo { id = 0x00a99; meters = 1-9 }\n'),
    needed('uplink', 'port uplink = 1\n'),
    needed('desk', 'port desk = 2\n'),
    needed('storms', 'meter storms = 1 { unit = pktps; band drop { rate = 100 } }\n'),
  ].join('');
  return [
    `import "${module}" as ${module.replace('std/', '')}\n\n`,
    declared === '' ? '' : `${declared}\n`,
    ...tables,
    needed('checked', 'table checked = 100 { miss = output normal }\n'),
    needed('macs', 'table macs = 101 { miss = output flood }\n'),
    needed('forward', 'table forward = 102 { miss = output normal }\n'),
  ].join('');
}
