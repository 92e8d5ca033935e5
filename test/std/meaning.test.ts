// What the templates of the standard library let through, by the switch's own trace. `ok` is the way on, by port 3.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wbfc } from '../e2e/wbfc.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';

let lab: Lab;
let mgmt: string;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-std-'));
  lab = await startSwitch({ dummy: true });
  mgmt = await lab.addBridge('br0', { dummyPorts: 4, protocols: ['OpenFlow15'] });
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

async function install(module: string, uses: readonly string[]): Promise<void> {
  const path = join(dir, 'rules.wbf');
  const lines = uses.map((use) => `  use ${use}\n`).join('');
  writeFileSync(
    path,
    `import "std/${module}" as ${module}
program rules { id = 1; meters = 1-9 }
meter limit = 1 { unit = pktps; band drop { rate = 100 } }
table t = 0 {
  miss = drop
${lines}}
table ok = 1 { miss = output 3 }
`,
  );
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  const pushed = await wbfc(['push', path, '--to', `unix:${mgmt}`, '--format', 'concise']);
  expect(pushed, pushed.stderr).toMatchObject({ status: 0 });
}

/** What the datapath would do with the packet, ports by name. */
async function trace(packet: string): Promise<string> {
  const { stdout } = await lab.appctl('ofproto/trace', '--names', 'br0', packet, { check: true });
  return /^Datapath actions: (.*)$/m.exec(stdout)?.[1] ?? stdout;
}

const own = '02:00:00:00:00:07';
const other = '02:00:00:00:00:08';
const zero = '00:00:00:00:00:00';

interface Case {
  readonly module: string;
  readonly uses: readonly string[];
  readonly passes: readonly string[];
  readonly drops: readonly string[];
}

const udp = (port: number, src: number, dst: number): string =>
  `in_port=p${port},udp,udp_src=${src},udp_dst=${dst}`;
const udp6 = (port: number, src: number, dst: number): string =>
  `in_port=p${port},udp6,udp_src=${src},udp_dst=${dst}`;
const icmp6 = (port: number, type: number, ttl = 255): string =>
  `in_port=p${port},icmp6,icmpv6_type=${type},icmpv6_code=0,nw_ttl=${ttl}`;

const CASES: readonly Case[] = [
  {
    module: 'arp',
    uses: [`arp.guard(1, 10.0.0.7, ${own}, next = ok)`],
    passes: [
      `in_port=p1,arp,dl_src=${own},arp_op=1,arp_sha=${own},arp_spa=10.0.0.7,arp_tpa=10.0.0.1`,
      `in_port=p1,arp,dl_src=${own},arp_op=2,arp_sha=${own},arp_spa=10.0.0.7,arp_tpa=10.0.0.1`,
      `in_port=p1,arp,dl_src=${own},arp_op=1,arp_sha=${own},arp_spa=0.0.0.0,arp_tpa=10.0.0.7`,
    ],
    drops: [
      `in_port=p1,arp,dl_src=${own},arp_op=2,arp_sha=${own},arp_spa=10.0.0.1,arp_tpa=10.0.0.1`,
      `in_port=p1,arp,dl_src=${own},arp_op=1,arp_sha=${other},arp_spa=10.0.0.7`,
      `in_port=p1,arp,dl_src=${other},arp_op=1,arp_sha=${own},arp_spa=10.0.0.7`,
    ],
  },
  { module: 'arp', uses: ['arp.allow(ok)'], passes: ['in_port=p1,arp'], drops: ['in_port=p1,ip'] },
  {
    module: 'icmp',
    uses: ['icmp.allow_ping(ok)', 'icmp.allow_errors(ok)', 'icmp.deny_redirects()'],
    passes: [0, 8, 3, 11, 12].map((type) => `in_port=p1,icmp,icmp_type=${type},icmp_code=0`),
    drops: [5, 13].map((type) => `in_port=p1,icmp,icmp_type=${type},icmp_code=0`),
  },
  {
    module: 'icmp6',
    uses: ['icmp6.allow_discovery(ok)', 'icmp6.guard_router(2, ok)'],
    passes: [icmp6(1, 133), icmp6(1, 135), icmp6(1, 136), icmp6(2, 134)],
    drops: [icmp6(1, 134), icmp6(1, 135, 64), icmp6(1, 137), icmp6(1, 128)],
  },
  {
    module: 'icmp6',
    uses: ['icmp6.allow_errors(ok)'],
    passes: [1, 2, 3, 4].map((type) => icmp6(1, type, 64)),
    drops: [128, 137].map((type) => icmp6(1, type, 64)),
  },
  {
    module: 'dhcp',
    uses: ['dhcp.guard(2, ok)', 'dhcp.guard6(2, ok)'],
    passes: [udp(1, 68, 67), udp(2, 67, 68), udp(2, 67, 67), udp6(1, 546, 547), udp6(2, 547, 546)],
    drops: [udp(1, 67, 68), udp6(1, 547, 546), udp(1, 68, 53)],
  },
  {
    module: 'dhcp',
    uses: ['dhcp.allow(ok)', 'dhcp.deny_server(1, prio = 60)'],
    passes: [udp(1, 68, 67), udp(2, 67, 68)],
    drops: [udp(1, 67, 68)],
  },
  {
    module: 'acl',
    uses: ['acl.allow_tcp(10.0.0.0/24, {80, 8000-8999}, ok)', 'acl.allow_udp(10.0.0.53, {53}, ok)'],
    passes: [
      'in_port=p1,tcp,nw_dst=10.0.0.9,tp_dst=80',
      'in_port=p1,tcp,nw_dst=10.0.0.9,tp_dst=8999',
      'in_port=p1,udp,nw_dst=10.0.0.53,udp_dst=53',
    ],
    drops: [
      'in_port=p1,tcp,nw_dst=10.0.1.9,tp_dst=80',
      'in_port=p1,tcp,nw_dst=10.0.0.9,tp_dst=9000',
      'in_port=p1,udp,nw_dst=10.0.0.9,udp_dst=53',
    ],
  },
  {
    module: 'acl',
    uses: [
      'acl.allow_from(10.0.0.0/8, ok)',
      'acl.deny_from(10.0.9.0/24)',
      'acl.deny_to(10.0.8.0/24)',
      'acl.deny_martians()',
    ],
    passes: ['in_port=p1,ip,nw_src=10.1.0.1,nw_dst=10.1.0.2'],
    drops: [
      'in_port=p1,ip,nw_src=10.0.9.1,nw_dst=10.1.0.2',
      'in_port=p1,ip,nw_src=10.1.0.1,nw_dst=10.0.8.2',
      'in_port=p1,ip,nw_src=127.0.0.1,nw_dst=10.1.0.2',
      'in_port=p1,ip,nw_src=11.0.0.1,nw_dst=10.1.0.2',
    ],
  },
  {
    module: 'acl',
    uses: ['acl.known(ok)'],
    passes: [
      'in_port=p1,ip,ct_state=trk|est',
      'in_port=p1,ip,ct_state=trk|rel|new',
      'in_port=p1,ip,ct_state=trk|est|rpl',
    ],
    drops: ['in_port=p1,ip,ct_state=trk|inv', 'in_port=p1,ip,ct_state=trk|new', 'in_port=p1,ip'],
  },
  {
    module: 'l2',
    uses: [`l2.secure_port(1, ${own}, ok)`, 'l2.storm_guard(2, limit, ok)', `l2.static(${other}, 3)`],
    passes: [`in_port=p1,dl_src=${own}`, `in_port=p4,dl_src=${own},dl_dst=${other}`],
    drops: [`in_port=p1,dl_src=${other}`, `in_port=p2,dl_src=${own},dl_dst=${zero}`],
  },
  {
    module: 'l2',
    uses: ['l2.deny_reserved()', `l2.static_vlan(10, ${other}, 3)`],
    passes: [`in_port=p1,dl_vlan=10,dl_dst=${other}`],
    drops: [
      `in_port=p1,dl_vlan=11,dl_dst=${other}`,
      `in_port=p1,dl_vlan=10,dl_src=01:00:5e:00:00:01,dl_dst=${other}`,
      'in_port=p1,dl_dst=01:80:c2:00:00:0e',
    ],
  },
];

describe.each(CASES)('$uses', ({ module, uses, passes, drops }) => {
  test('lets through what it should, and nothing else', async () => {
    await install(module, uses);
    for (const packet of passes) expect([packet, await trace(packet)]).toEqual([packet, 'p3']);
    for (const packet of drops) expect([packet, await trace(packet)]).toEqual([packet, 'drop']);
  });
});

test('broadcast that is guarded against storms goes by way of the meter', async () => {
  await install('l2', ['l2.storm_guard(2, limit, ok)']);
  expect(await trace('in_port=p2,dl_dst=ff:ff:ff:ff:ff:ff')).toMatch(/^meter\(\d+\),p3$/);
});

test('new connections are translated and remembered in their zone', async () => {
  await install('nat', [
    'nat.source(10.0.0.0/24, 192.0.2.1, 7, ok)',
    'nat.destination(192.0.2.2, 10.0.0.80, 7, ok)',
    'nat.forward_tcp(192.0.2.1, 8080, 10.0.0.81, 80, 7, ok)',
    'nat.forward_udp(192.0.2.1, 53, 10.0.0.53, 5353, 7, ok)',
  ]);
  const opened = async (packet: string): Promise<string> =>
    (await trace(`in_port=p1,ct_state=trk|new,${packet}`)).replace(/,recirc\(.*/, '');
  expect(await opened('ip,nw_src=10.0.0.5,nw_dst=198.51.100.1')).toBe('ct(commit,zone=7,nat(src=192.0.2.1))');
  expect(await opened('ip,nw_src=198.51.100.1,nw_dst=192.0.2.2')).toBe(
    'ct(commit,zone=7,nat(dst=10.0.0.80))',
  );
  const outside = 'nw_src=198.51.100.1,nw_dst=192.0.2.1';
  expect(await opened(`tcp,${outside},tp_dst=8080`)).toBe('ct(commit,zone=7,nat(dst=10.0.0.81:80))');
  expect(await opened(`udp,${outside},udp_dst=53`)).toBe('ct(commit,zone=7,nat(dst=10.0.0.53:5353))');
  expect(await opened(`tcp,${outside},tp_dst=22`)).toBe('drop');
});

test('connections that may be opened are remembered', async () => {
  await install('acl', [
    'acl.open_from(1, 7, ok)',
    'acl.open_tcp(10.0.0.80, {80, 443}, 7, ok)',
    'acl.open_udp(10.0.0.53, {53}, 7, ok)',
  ]);
  const opened = (packet: string): Promise<string> => trace(`ct_state=trk|new,${packet}`);
  const remembered = 'ct(commit,zone=7),p3';
  expect(await opened('in_port=p1,tcp,nw_dst=198.51.100.1,tp_dst=22')).toBe(remembered);
  expect(await opened('in_port=p2,tcp,nw_dst=10.0.0.80,tp_dst=443')).toBe(remembered);
  expect(await opened('in_port=p2,udp,nw_dst=10.0.0.53,udp_dst=53')).toBe(remembered);
  expect(await opened('in_port=p2,tcp,nw_dst=10.0.0.80,tp_dst=22')).toBe('drop');
  expect(await opened('in_port=p2,udp,nw_dst=10.0.0.80,udp_dst=443')).toBe('drop');
});
