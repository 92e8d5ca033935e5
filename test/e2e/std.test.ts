// The standard library between hosts that send real packets.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { createHosts, type Host, type HostOptions } from '../lab/netns.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { root, wbfc } from './wbfc.ts';

let lab: Lab | undefined;
let mgmt: string;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-std-'));
});
afterEach(() => lab?.stop());
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

async function start(options: readonly HostOptions[]): Promise<[Lab, Host[]]> {
  lab = await startSwitch();
  mgmt = await lab.addBridge('br0', { protocols: ['OpenFlow15'], failMode: 'secure' });
  return [lab, await createHosts(lab, 'br0', options)];
}

async function push(text: string): Promise<void> {
  const path = join(dir, 'rules.wbf');
  writeFileSync(path, text);
  const pushed = await wbfc(['push', path, '--to', `unix:${mgmt}`, '--format', 'concise']);
  expect(pushed.status, pushed.stderr).toBe(0);
  expect(pushed.stderr).toMatch(/^installed/);
}

const near = { name: 'if0', ip: '10.11.22.1', mac: '02:00:00:00:00:01', ofport: 1 };
const far = { name: 'if1', ip: '10.11.22.2', mac: '02:00:00:00:00:02', ofport: 2 };
const none = { wait: 0.3 } as const;

test('examples/seed.wbf has 12 lines at most, is examples/whitebox.wbf in meaning, and answers a ping', async () => {
  expect(
    readFileSync(join(root, 'examples/seed.wbf'), 'utf8').trimEnd().split('\n').length,
  ).toBeLessThanOrEqual(12);

  // The same flows, but for the names from which the cookies are made.
  const flows = async (name: string): Promise<string[]> => {
    const args = ['build', `examples/${name}.wbf`, '--emit', 'flows', '-o', '-'];
    const { status, stdout } = await wbfc(args);
    expect(status).toBe(0);
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return lines.map((line) => line.replace(/cookie=0x[0-9a-f]+,? ?/, '')).sort();
  };
  expect(await flows('seed')).toEqual(await flows('whitebox'));
  expect(await flows('seed')).toHaveLength(3);

  const [, [host, other]] = (await start([near, far])) as [Lab, [Host, Host]];
  const pushed = await wbfc(['push', 'examples/seed.wbf', '--to', `unix:${mgmt}`]);
  expect(pushed).toMatchObject({ status: 0 });
  expect(await host.ping('10.11.22.26', 3)).toEqual({ sent: 3, received: 3 });
  expect((await host.exec('ip', 'neigh', 'show', '10.11.22.26')).stdout).toContain('00:00:00:00:99:99');
  expect(await other.ping('10.11.22.26', 1, none)).toMatchObject({ received: 0 });
});

test('the bridge of the seed is that of whitebox.wbf', () => {
  const bridge = (name: string): unknown => {
    const { items } = parse(readFileSync(join(root, `examples/${name}.wbf`), 'utf8')).tree;
    const places = new Set(['span', 'keyword', 'brace', 'operatorSpan', 'argsSpan', 'doc']);
    // The body of a bridge is a place too; that of a port has statements.
    const words = (key: string, value: unknown): unknown =>
      places.has(key) || (key === 'body' && !JSON.stringify(value).includes('statements'))
        ? undefined
        : typeof value === 'bigint'
          ? String(value)
          : value;
    return JSON.parse(
      JSON.stringify(
        items.find((i) => i.kind === 'bridge'),
        words,
      ),
    );
  };
  expect(bridge('seed')).toEqual(bridge('whitebox'));
});

test('ARP and ping are answered in two lines, for hosts on every port and when they ask directly', async () => {
  const [, hosts] = await start([near, far]);
  await push(`import "std/arp" as arp
import "std/icmp" as icmp
table t = 0 {
  miss = drop
  use arp.responder(10.11.22.26, 00:00:00:00:99:99)
  use icmp.responder(10.11.22.26, 00:00:00:00:99:99)
}
`);
  for (const host of hosts) {
    expect(await host.ping('10.11.22.26', 3)).toEqual({ sent: 3, received: 3 });
    expect(await host.ping('10.11.22.27', 1, none)).toMatchObject({ received: 0 });
    // Is it still there? A host asks the address it knows, not everybody.
    const known = [
      'neigh',
      'replace',
      '10.11.22.26',
      'lladdr',
      '00:00:00:00:99:99',
      'dev',
      'eth0',
      'nud',
      'probe',
    ];
    await host.exec('ip', ...known, { check: true });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await host.exec('ip', 'neigh', 'show', '10.11.22.26')).stdout).toContain('REACHABLE');
  }
});

test('neighbour discovery and ping of IPv6 are answered; the router flag is what is said', async () => {
  const [, [host]] = (await start([{ ...near, ip6: 'fd00::1' }])) as [Lab, [Host]];
  for (const router of [false, true]) {
    await push(`import "std/icmp6" as icmp6
table t = 0 {
  miss = drop
  use icmp6.neighbor_responder(fd00::26, 00:00:00:00:99:99, router = ${router})
  use icmp6.responder(fd00::26, 00:00:00:00:99:99)
}
`);
    await host.exec('ip', '-6', 'neigh', 'flush', 'all', { check: true });
    expect(await host.ping('fd00::26', 3)).toEqual({ sent: 3, received: 3 });
    const known = (await host.exec('ip', '-6', 'neigh', 'show', 'fd00::26')).stdout;
    expect(known).toContain('00:00:00:00:99:99');
    expect(known.includes('router')).toBe(router);
    expect(await host.ping('fd00::27', 1, none)).toMatchObject({ received: 0 });
  }
});

test('a learning switch in two lines, and a static address', async () => {
  const third = { name: 'if2', ip: '10.11.22.3', mac: '02:00:00:00:00:03', ofport: 3 };
  const [switched, [a, b, c]] = (await start([near, far, third])) as [Lab, [Host, Host, Host]];
  await push(
    `import "std/l2" as l2
table t = 0 { use l2.deny_reserved(); use l2.learn(macs) }
table macs = 1 { miss = output flood; use l2.static(02:00:00:00:00:03, 3) }
`.replaceAll('; use', '\n use'),
  );
  for (const [from, to] of [
    [a, b],
    [b, c],
    [c, a],
  ] as const)
    expect(await from.ping(to.ip, 2)).toEqual({ sent: 2, received: 2 });
  const learned = (await switched.dumpFlows('br0', { filter: 'table=1' })).filter((f) =>
    f.includes('priority=100'),
  );
  expect(learned.map((f) => /output:.*$/.exec(f)?.[0].replace(/[^0-9]/g, '')).sort()).toEqual([
    '1',
    '2',
    '3',
  ]);
});

test('a filter that remembers connections lets answers in, and nothing else', async () => {
  const [, [inside, outside]] = (await start([near, far])) as [Lab, [Host, Host]];
  await push(`import "std/arp" as arp
import "std/acl" as acl
table t = 0 {
  miss = drop
  use arp.flood_all()
  use acl.track(7, verdict)
}
table verdict = 1 {
  miss = drop
  use acl.known(through)
  use acl.open_from(1, 7, through)
}
table through = 2 { miss = output flood }
`);
  expect(await outside.ping(inside.ip, 1, none)).toMatchObject({ received: 0 });
  expect(await inside.ping(outside.ip, 3)).toEqual({ sent: 3, received: 3 });
});

test('SNAT: outside sees the public address, which the switch answers for', async () => {
  const gateway = { ...far, ip: '192.0.2.2' };
  const [, [inside, outside]] = (await start([near, gateway])) as [Lab, [Host, Host]];
  await push(`import "std/arp" as arp
import "std/nat" as nat
const ours = 02:00:00:00:00:99
table t = 0 {
  miss = drop
  use arp.responder(10.11.22.254, ours)
  use arp.responder(192.0.2.1, ours)
  use nat.track(7, verdict)
}
table verdict = 1 {
  miss = drop
  use nat.known(out)
  use nat.source(10.11.22.0/24, 192.0.2.1, 7, out)
}
table out = 2 {
  miss = drop
  flow to_inside  { match { ip; ip_dst = 10.11.22.1 } action { eth_src = ours; eth_dst = 02:00:00:00:00:01; output 1 } }
  flow to_outside { match { ip; ip_dst = 192.0.2.2 } action { eth_src = ours; eth_dst = 02:00:00:00:00:02; output 2 } }
}
`);
  await inside.exec('ip', 'route', 'add', 'default', 'via', '10.11.22.254', { check: true });
  await outside.exec('ip', 'route', 'add', 'default', 'via', '192.0.2.1', { check: true });
  expect(await inside.ping('192.0.2.2', 3)).toEqual({ sent: 3, received: 3 });
  // Nothing answers the inner address itself: only the translated one can have come back.
  expect((await outside.exec('ip', 'neigh', 'show')).stdout).toMatch(/192\.0\.2\.1 .*02:00:00:00:00:99/);
  expect(await outside.ping('10.11.22.1', 1, none)).toMatchObject({ received: 0 });
});
