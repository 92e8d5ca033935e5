/** Generated from the .wbf files beside it (`npm run generate`): the standard library, by the path of its import. */
export const SOURCES: Readonly<Record<string, string>> = {
  'std/acl': `/// Lets TCP to \`ports\` of \`to\` through to \`next\`: \`use acl.allow_tcp(10.0.0.0/24, {80, 443}, out)\`.
template allow_tcp(to: prefix, ports: set, next: table, prio: int = 100) {
  flow allow { priority = prio; match { tcp; ip_dst = to; tcp_dst in ports } action { goto next } }
}

/// Lets UDP to \`ports\` of \`to\` through to \`next\`.
template allow_udp(to: prefix, ports: set, next: table, prio: int = 100) {
  flow allow { priority = prio; match { udp; ip_dst = to; udp_dst in ports } action { goto next } }
}

/// Lets everything from \`from\` through to \`next\`.
template allow_from(from: prefix, next: table, prio: int = 100) {
  flow allow { priority = prio; match { ip; ip_src = from } action { goto next } }
}

/// Drops everything from \`from\`.
template deny_from(from: prefix, prio: int = 200) {
  flow deny { priority = prio; match { ip; ip_src = from } action { drop } }
}

/// Drops everything to \`to\`.
template deny_to(to: prefix, prio: int = 200) {
  flow deny { priority = prio; match { ip; ip_dst = to } action { drop } }
}

/// Drops what has no business on a wire: packets that claim to come from this host, from nobody, or from a group.
template deny_martians(prio: int = 300) {
  flow martian { priority = prio; match { ip; ip_src in {0.0.0.0/8, 127.0.0.0/8, 224.0.0.0/4} } action { drop } }
}

/// The first half of a filter that remembers connections: asks the connection tracker about every IPv4 packet, and hands
/// it to \`verdict\` with the answer. Connections are told apart by \`zone\` (0 to 65535).
template track(zone: int, verdict: table, prio: int = 100) {
  flow ask { priority = prio; match { ip; ct_state = -trk } action { ct(table = verdict, zone = zone) } }
}

/// The second half, in the table that \`track\` hands to: what belongs to a known connection goes to \`next\`, what belongs
/// to none and begins none is dropped.
template known(next: table, prio: int = 200) {
  flow invalid     { priority = prio + 10; match { ip; ct_state = +trk+inv } action { drop } }
  flow established { priority = prio; match { ip; ct_state = +trk+est-inv } action { goto next } }
  flow related     { priority = prio; match { ip; ct_state = +trk+rel-est-inv } action { goto next } }
}

/// Connections that begin at the port \`from\` may be opened: they are remembered in \`zone\` and go to \`next\`.
template open_from(from: port, zone: int, next: table, prio: int = 100) {
  flow open {
    priority = prio
    match { ip; in_port = from; ct_state = +trk+new-rel-inv }
    action { ct(commit, zone = zone); goto next }
  }
}

/// TCP connections to \`ports\` of \`to\` may be opened by anybody.
template open_tcp(to: prefix, ports: set, zone: int, next: table, prio: int = 100) {
  flow open {
    priority = prio
    match { tcp; ip_dst = to; tcp_dst in ports; ct_state = +trk+new-rel-inv }
    action { ct(commit, zone = zone); goto next }
  }
}

/// UDP exchanges with \`ports\` of \`to\` may be begun by anybody.
template open_udp(to: prefix, ports: set, zone: int, next: table, prio: int = 100) {
  flow open {
    priority = prio
    match { udp; ip_dst = to; udp_dst in ports; ct_state = +trk+new-rel-inv }
    action { ct(commit, zone = zone); goto next }
  }
}
`,
  'std/arp': `/// Answers every ARP request for \`address\` with \`mac\`, on whichever port it comes: the request itself is turned into
/// the answer and goes back. Nobody needs to have the address.
template responder(address: ipv4, mac: mac, prio: int = 10) {
  flow reply {
    priority = prio
    match { arp; arp_op = request; arp_tpa = address }
    action {
      arp_op  = reply
      arp_tha = arp_sha
      arp_tpa = arp_spa
      arp_spa = address
      arp_sha = mac
      eth_dst = eth_src
      eth_src = mac
      output in_port
    }
  }
}

/// As \`responder\`, for what a host broadcasts on one port only: it answers neither elsewhere nor when it is asked
/// directly, as hosts do to see whether a neighbour is still there.
template broadcast_responder(from: port, address: ipv4, mac: mac, prio: int = 10) {
  flow reply {
    priority = prio
    match {
      arp
      in_port = from
      eth_dst = ff:ff:ff:ff:ff:ff
      arp_op  = request
      arp_tpa = address
      arp_tha = 00:00:00:00:00:00
    }
    action {
      arp_op  = reply
      arp_tha = arp_sha
      arp_tpa = arp_spa
      arp_spa = address
      arp_sha = mac
      eth_dst = eth_src
      eth_src = mac
      output in_port
    }
  }
}

/// Sends ARP to every port but the one by which it came, and does nothing else with it.
template flood_all(prio: int = 5) {
  flow all { priority = prio; match { arp } action { output flood } }
}

/// Lets ARP through to \`next\`.
template allow(next: table, prio: int = 5) {
  flow allow { priority = prio; match { arp } action { goto next } }
}

/// What comes by the port \`from\` may speak for \`address\` and \`mac\` only: nobody behind it can take over the address of
/// another. The rest of its ARP is dropped.
template guard(from: port, address: ipv4, mac: mac, next: table, prio: int = 50) {
  flow honest {
    priority = prio
    match { arp; in_port = from; eth_src = mac; arp_sha = mac; arp_spa = address }
    action { goto next }
  }
  /// Before a host takes an address it asks whether somebody has it, and says none of its own.
  flow probe {
    priority = prio
    match { arp; in_port = from; eth_src = mac; arp_op = request; arp_sha = mac; arp_spa = 0.0.0.0 }
    action { goto next }
  }
  flow spoofed { priority = prio - 1; match { arp; in_port = from } action { drop } }
}
`,
  'std/dhcp': `/// Lets DHCP of clients through to \`next\`: what they ask and what servers answer.
template allow(next: table, prio: int = 50) {
  flow ask    { priority = prio; match { udp; udp_src = 68; udp_dst = 67 } action { goto next } }
  flow answer { priority = prio; match { udp; udp_src = 67; udp_dst = 68 } action { goto next } }
}

/// The DHCP server is behind the port \`server\`; what others send as one is dropped, so that nobody can hand out addresses
/// of his own.
template guard(server: port, next: table, prio: int = 50) {
  flow ask    { priority = prio; match { udp; udp_src = 68; udp_dst = 67 } action { goto next } }
  flow answer { priority = prio; match { udp; in_port = server; udp_src = 67 } action { goto next } }
  flow rogue  { priority = prio - 1; match { udp; udp_src = 67 } action { drop } }
}

/// What comes by the port \`from\` is no DHCP server's.
template deny_server(from: port, prio: int = 50) {
  flow rogue { priority = prio; match { udp; in_port = from; udp_src = 67 } action { drop } }
}

/// As \`guard\`, for DHCPv6.
template guard6(server: port, next: table, prio: int = 50) {
  flow ask    { priority = prio; match { udp6; udp_src = 546; udp_dst = 547 } action { goto next } }
  flow answer { priority = prio; match { udp6; in_port = server; udp_src = 547 } action { goto next } }
  flow rogue  { priority = prio - 1; match { udp6; udp_src = 547 } action { drop } }
}
`,
  'std/icmp': `/// Answers ping (ICMP echo) for \`address\`, which has the MAC address \`mac\`: the request is turned into the reply and
/// goes back where it came from. Goes well with \`responder\` of \`std/arp\`.
template responder(address: ipv4, mac: mac, prio: int = 11) {
  flow reply {
    priority = prio
    match { icmp; eth_dst = mac; ip_dst = address; icmp_type = echo_request; icmp_code = 0 }
    action {
      eth_dst   = eth_src
      eth_src   = mac
      ip_dst    = ip_src
      ip_src    = address
      icmp_type = echo_reply
      output in_port
    }
  }
}

/// Lets ping through to \`next\`, in both directions.
template allow_ping(next: table, prio: int = 10) {
  flow ping { priority = prio; match { icmp; icmp_type in {echo_request, echo_reply} } action { goto next } }
}

/// Lets through to \`next\` what connections need to be told: that a destination cannot be reached (the size of packets is
/// found out with it too), that time ran out on the way, and that a header was wrong. Without these, connections hang.
template allow_errors(next: table, prio: int = 10) {
  flow error {
    priority = prio
    match { icmp; icmp_type in {destination_unreachable, time_exceeded, parameter_problem} }
    action { goto next }
  }
}

/// Drops redirects, by which anybody on a network can lead packets astray.
template deny_redirects(prio: int = 20) {
  flow redirect { priority = prio; match { icmp; icmp_type = redirect } action { drop } }
}
`,
  'std/icmp6': `/// Answers ping (ICMPv6 echo) for \`address\`, which has the MAC address \`mac\`.
template responder(address: ipv6, mac: mac, prio: int = 11) {
  flow reply {
    priority = prio
    match { icmp6; eth_dst = mac; ipv6_dst = address; icmpv6_type = echo_request; icmpv6_code = 0 }
    action {
      eth_dst     = eth_src
      eth_src     = mac
      ipv6_dst    = ipv6_src
      ipv6_src    = address
      icmpv6_type = echo_reply
      output in_port
    }
  }
}

/// Answers neighbour solicitations for \`address\` with \`mac\` (what ARP is for IPv4). \`router\` is what the answer says of
/// us: true for a router, which hosts may then take as one.
///
/// It takes two flows, since a message has to be an advertisement before its target's address can be written: the first
/// makes it one and looks it up again in the same table, the second completes it. A host that only asks whether an
/// address is free (its own is \`::\`) is not answered. Needs user space forwarding (\`datapath = netdev\`).
template neighbor_responder(address: ipv6, mac: mac, router: bool = false, prio: int = 12) {
  flow solicitation {
    priority = prio
    match { icmp6; icmpv6_type = neighbor_solicitation; icmpv6_code = 0; nw_ttl = 255; nd_target = address }
    action {
      // The flags: (router,) solicited, override.
      if router { nd_reserved = 0xe0000000 } else { nd_reserved = 0x60000000 }
      nd_options_type = target_link_layer_address
      icmpv6_type     = neighbor_advertisement
      ipv6_dst        = ipv6_src
      ipv6_src        = address
      eth_dst         = eth_src
      eth_src         = mac
      resubmit(in_port)
    }
  }
  flow advertisement {
    priority = prio
    match {
      icmp6
      eth_src     = mac
      ipv6_src    = address
      icmpv6_type = neighbor_advertisement
      icmpv6_code = 0
      nw_ttl      = 255
      nd_target   = address
    }
    action { nd_tll = mac; output in_port }
  }
  flow is_it_free {
    priority = prio + 1
    match { icmp6; ipv6_src = ::; icmpv6_type = neighbor_solicitation; icmpv6_code = 0; nd_target = address }
    action { drop }
  }
}

/// Lets neighbour discovery through to \`next\`: solicitations and advertisements of neighbours and of routers. Their hop
/// limit says that no router has passed them on.
template allow_discovery(next: table, prio: int = 10) {
  flow discovery {
    priority = prio
    match {
      icmp6
      icmpv6_type in {router_solicitation, router_advertisement, neighbor_solicitation, neighbor_advertisement}
      nw_ttl = 255
    }
    action { goto next }
  }
}

/// Lets through to \`next\` what connections need to be told; without "packet too big" they hang.
template allow_errors(next: table, prio: int = 10) {
  flow error {
    priority = prio
    match { icmp6; icmpv6_type in {destination_unreachable, packet_too_big, time_exceeded, parameter_problem} }
    action { goto next }
  }
}

/// Router advertisements from the port \`from\` only; those that come by another port are dropped.
template guard_router(from: port, next: table, prio: int = 50) {
  flow router {
    priority = prio
    match { icmp6; in_port = from; icmpv6_type = router_advertisement }
    action { goto next }
  }
  flow rogue { priority = prio - 1; match { icmp6; icmpv6_type = router_advertisement } action { drop } }
}
`,
  'std/l2': `/// A learning switch in two tables: this one remembers who sends from where, for \`age\` after the last frame. \`macs\`, which
/// is filled with it, says what becomes of the others: \`table macs { miss = output flood }\`.
///
/// It takes every frame that nothing of higher priority takes; the table needs no \`miss\` beside it.
template learn(macs: table, age: duration = 5m) {
  flow learn {
    priority = 0
    match {}
    action {
      learn(table = macs, priority = 100, idle_timeout = age) {
        match {
          vlan_tci[0..11] = pkt.vlan_tci[0..11]
          eth_dst         = pkt.eth_src
        }
        action { output pkt.in_port }
      }
      resubmit(,macs)
    }
  }
}

/// Frames to \`address\` leave by the port \`out\`.
template static(address: mac, out: port, prio: int = 200) {
  flow to { priority = prio; match { eth_dst = address } action { output out } }
}

/// Frames of the VLAN \`vid\` to \`address\` leave by the port \`out\`, with their tag.
template static_vlan(vid: int, address: mac, out: port, prio: int = 200) {
  flow to { priority = prio; match { vlan_vid = vid; eth_dst = address } action { output out } }
}

/// Drops the addresses of IEEE 802.1D (spanning tree, pause frames, LLDP), which are never forwarded, and frames that
/// claim to come from a group.
template deny_reserved(prio: int = 300) {
  flow link_local   { priority = prio; match { eth_dst = 01:80:c2:00:00:00/ff:ff:ff:ff:ff:f0 } action { drop } }
  flow group_source { priority = prio; match { eth_src = 01:00:00:00:00:00/01:00:00:00:00:00 } action { drop } }
}

/// The port \`from\` takes frames of \`address\` only; the rest is dropped.
template secure_port(from: port, address: mac, next: table, prio: int = 100) {
  flow own     { priority = prio; match { in_port = from; eth_src = address } action { goto next } }
  flow foreign { priority = prio - 1; match { in_port = from } action { drop } }
}

/// Broadcast and multicast that come by the port \`from\` go on to \`next\` as far as the meter \`limit\` lets them, so that a
/// loop or a broken machine does not fill the network. Meters need OpenFlow 1.3.
template storm_guard(from: port, limit: meter, next: table, prio: int = 150) {
  flow storm {
    priority = prio
    match { in_port = from; eth_dst = 01:00:00:00:00:00/01:00:00:00:00:00 }
    action { meter limit; goto next }
  }
}
`,
  'std/nat': `/// The first half: asks the connection tracker about every IPv4 packet, translates what belongs to a connection that it
/// has translated before, and hands it to \`verdict\`. Connections are told apart by \`zone\` (0 to 65535).
template track(zone: int, verdict: table, prio: int = 100) {
  flow ask { priority = prio; match { ip; ct_state = -trk } action { ct(table = verdict, zone = zone, nat) } }
}

/// The second half, in the table that \`track\` hands to: what belongs to a known connection goes to \`next\` with its
/// addresses translated.
template known(next: table, prio: int = 200) {
  flow invalid     { priority = prio + 10; match { ip; ct_state = +trk+inv } action { drop } }
  flow established { priority = prio; match { ip; ct_state = +trk+est-inv } action { goto next } }
  flow related     { priority = prio; match { ip; ct_state = +trk+rel-est-inv } action { goto next } }
}

/// SNAT: connections from \`inside\` are seen outside as those of \`public\`. \`next\` sees the new address.
template source(inside: prefix, public: ipv4, zone: int, next: table, prio: int = 100) {
  flow open {
    priority = prio
    match { ip; ip_src = inside; ct_state = +trk+new-rel-inv }
    action { ct(commit, table = next, zone = zone, nat(src = public)) }
  }
}

/// DNAT: who connects to \`public\` reaches \`server\` instead. \`next\` sees the new address.
template destination(public: ipv4, server: ipv4, zone: int, next: table, prio: int = 110) {
  flow open {
    priority = prio
    match { ip; ip_dst = public; ct_state = +trk+new-rel-inv }
    action { ct(commit, table = next, zone = zone, nat(dst = server)) }
  }
}

/// DNAT of one TCP port: who connects to \`outer\` of \`public\` reaches \`inner\` of \`server\`.
template forward_tcp(public: ipv4, outer: int, server: ipv4, inner: int, zone: int, next: table, prio: int = 120) {
  flow open {
    priority = prio
    match { tcp; ip_dst = public; tcp_dst = outer; ct_state = +trk+new-rel-inv }
    action { ct(commit, table = next, zone = zone, nat(dst = server, ports = inner)) }
  }
}

/// DNAT of one UDP port.
template forward_udp(public: ipv4, outer: int, server: ipv4, inner: int, zone: int, next: table, prio: int = 120) {
  flow open {
    priority = prio
    match { udp; ip_dst = public; udp_dst = outer; ct_state = +trk+new-rel-inv }
    action { ct(commit, table = next, zone = zone, nat(dst = server, ports = inner)) }
  }
}
`,
};
