// Groups, meters, tunnel metadata, ports by name and learned flows: from the text of a program to a switch and back again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProxy } from '../lab/proxy.ts';
import { startSwitch, type Lab, type OpenFlowVersion } from '../lab/switch.ts';
import { wbfc, wbfcEnv } from './wbfc.ts';

let lab: Lab;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-parts-'));
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: ['left', 'right', 'spare'] });
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});
beforeEach(async () => {
  for (const words of ['del-flows', 'del-groups', 'del-meters', 'del-tlv-map'])
    await lab.ofctl('-O', 'OpenFlow15', words, 'br0', { check: true });
});

interface Edition {
  /** Where the group sends to. */
  readonly buckets?: readonly string[];
  readonly rate?: number;
  readonly meters?: string;
  readonly idle?: number;
  readonly extra?: string;
}

const program = ({
  buckets = ['left'],
  rate = 1000,
  meters = '10-13',
  idle = 60,
  extra = '',
}: Edition): string => `
program parts {
  id = 0x00a01
  groups = 100-199
  meters = ${meters}
}
port left = "left"
port right = "right"
port spare = 3
tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }
group fan {
  type = all
${buckets.map((port) => `  bucket { action { output ${port} } }`).join('\n')}
}
meter calm {
  unit = pktps
  band drop { rate = ${rate} }
}
table main = 0 {
  miss = drop
  flow fan_out {
    priority = 10
    match { in_port = spare; ip }
    action { meter calm; group fan }
  }
  flow teach {
    priority = 9
    match { in_port = left }
    action {
      learn(table = macs, idle_timeout = ${idle}s) {
        match { eth_dst = pkt.eth_src }
        action { output pkt.in_port }
      }
      output right
    }
  }
  flow tunnelled {
    match { tun_metadata0 = 7 }
    action { output right }
  }
${extra}
}
table macs = 1 {
  allow = WBF5601
  miss = drop
}
`;

async function push(text: string, to = lab.mgmt('br0'), ...more: string[]): Promise<string> {
  const file = join(dir, 'parts.wbf');
  writeFileSync(file, text);
  const words = ['push', file, '--to', to.startsWith('unix:') ? to : `unix:${to}`, '--format', 'concise'];
  const { status, stderr } = await wbfc([...words, ...more], { env: wbfcEnv(lab.env) });
  return `${status} ${stderr}`;
}

const ofctl = async (...words: string[]): Promise<string> => {
  const [version = '', ...rest] = words;
  const { stdout } = await lab.ofctl('-O', version, ...rest, { check: true });
  return stdout;
};

const state = async (version: OpenFlowVersion = 'OpenFlow15'): Promise<string> =>
  [
    (await lab.dumpFlows('br0', { version })).join('\n'),
    await ofctl(version, 'dump-groups', 'br0'),
    await ofctl(version, 'dump-meters', 'br0'),
    await ofctl(version, 'dump-tlv-map', 'br0'),
  ].join('\n');

/** Lets so many IPv4 packets in on a port, in one go. */
async function inject(port: string, count: number): Promise<void> {
  const packet =
    'in_port(3),eth(src=02:00:00:00:00:33,dst=02:00:00:00:00:ff),eth_type(0x0800),' +
    'ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=64,frag=no),udp(src=1,dst=2)';
  await lab.appctl('netdev-dummy/receive', port, ...Array.from({ length: count }, () => packet), {
    check: true,
  });
}

/** How many packets have left by the ports. */
async function sent(): Promise<Record<string, number>> {
  const text = await ofctl('OpenFlow15', '--names', 'dump-ports', 'br0');
  return Object.fromEntries(
    [...text.matchAll(/port\s+(\w+): rx[^\n]*\n\s*tx pkts=(\d+)/g)].map(([, name, n]) => [
      name ?? '',
      Number(n),
    ]),
  );
}

describe.each(['OpenFlow13', 'OpenFlow14', 'OpenFlow15'] as const)(
  'a program with everything in %s',
  (version) => {
    const of = ['--of', version.replace(/OpenFlow(.)(.)/, '$1.$2')];

    test('is installed, changed and emptied', async () => {
      expect(await push(program({}), undefined, ...of)).toMatch(/^0 installed 5 flows on br0/);
      const first = await state(version);
      expect(first).toMatch(/actions=meter:10,group:100/);
      expect(first).toMatch(/group_id=100,type=all,bucket=.*output:1/);
      expect(first).toMatch(/meter=10 pktps/);
      expect(first).toMatch(/in_port=1 actions=learn\(.*output:2/);
      expect(first).toMatch(/0xffff +0x80 +4 +tun_metadata0/);

      expect(await push(program({ buckets: ['right', 'spare'], rate: 2000 }), undefined, ...of)).toMatch(
        /^0 /,
      );
      const second = await state(version);
      expect(second).toMatch(/actions=meter:11,group:100/);
      expect(second).toMatch(/group_id=100,type=all,bucket=.*output:2.*output:3/);
      expect(second).toMatch(/meter=11 pktps[^]*rate=2000/);
      expect(second).not.toMatch(/meter=10 /);

      const empty = 'program parts {\n id = 0x00a01\n groups = 100-199\n meters = 10-13\n}\n';
      expect(await push(empty, undefined, ...of)).toMatch(/^0 installed 0 flows/);
      const last = await state(version);
      expect(last).not.toMatch(/actions=|group_id|meter=/);
      expect(last).toMatch(/tun_metadata0/);
    });

    test('is as it was when a flow is refused', async () => {
      await push(program({}), undefined, ...of);
      const before = await state(version);
      // Somebody else's group, which is not there: the commit finds out.
      const extra = '  flow lost {\n    match { arp }\n    action { group lost }\n  }\n';
      const changed = program({ buckets: ['right'], rate: 5, extra });
      expect(await push(`${changed}group lost = 300\n`, undefined, ...of)).toMatch(
        /^3 .*error\[WBF7010\].*OFPBAC_BAD_OUT_GROUP/s,
      );
      expect(await state(version)).toBe(before);
    });
  },
);

test('a group changes under traffic without a packet lost or sent twice', async () => {
  await push(program({ buckets: ['left'], rate: 1_000_000 }));
  const before = await sent();
  let injected = 0;
  const stop = new AbortController();
  const traffic = (async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await inject('spare', 50);
      injected += 50;
    }
  })();
  for (let i = 0; i < 6; i++)
    expect(await push(program({ buckets: [i % 2 === 0 ? 'right' : 'left'], rate: 1_000_000 }))).toMatch(
      /^0 /,
    );
  stop.abort();
  await traffic;
  const out = async (): Promise<number> => {
    const now = await sent();
    return (now.left ?? 0) - (before.left ?? 0) + (now.right ?? 0) - (before.right ?? 0);
  };
  await expect.poll(out, { timeout: 5_000 }).toBe(injected);
  const now = await sent();
  expect(now.left).toBeGreaterThan(before.left ?? 0);
  expect(now.right).toBeGreaterThan(before.right ?? 0);
});

test('what was learned survives a push, until the flow that learns it changes', async () => {
  await push(program({}));
  const packet = 'in_port(1),eth(src=02:00:00:00:00:11,dst=02:00:00:00:00:22),eth_type(0x1234)';
  await lab.appctl('netdev-dummy/receive', 'left', packet, { check: true });
  const learned = (): Promise<string[]> =>
    lab.dumpFlows('br0', { filter: 'table=1,dl_dst=02:00:00:00:00:11' });
  await expect.poll(async () => (await learned()).length, { timeout: 5_000 }).toBe(1);
  const [flow] = await learned();
  // In the program's space, with the learned bit.
  expect(flow).toMatch(/cookie=0xa01[89a-f][0-9a-f]{10}, table=1, idle_timeout=60/);
  expect(await push(program({ buckets: ['right'] }))).toMatch(/^0 /);
  expect(await learned()).toEqual([flow]);
  expect(await push(program({ idle: 30 }))).toMatch(/^0 /);
  expect(await learned()).toEqual([]);
});

describe('what stands in the way is told at its place', () => {
  test('no id for a changed meter', async () => {
    await push(program({ meters: '10-10' }));
    const before = await state();
    expect(await push(program({ meters: '10-10', rate: 7 }))).toMatch(
      /^3 .*parts\.wbf:15:1: error\[WBF7026\]: no id is left for meter calm: all of 10 are in use/s,
    );
    expect(await state()).toBe(before);
  });

  test('an option that is mapped otherwise', async () => {
    await lab.ofctl('-O', 'OpenFlow15', 'add-tlv-map', 'br0', '{class=1,type=2,len=8}->tun_metadata0', {
      check: true,
    });
    expect(await push(program({}))).toMatch(/^3 .*parts\.wbf:10:19: error\[WBF7023\]/s);
    expect(await state()).not.toContain('actions=');
  });

  test('a group that somebody uses', async () => {
    const group = 'group old = 150 {\n type = all\n bucket { action { output spare } }\n}\n';
    await push(program({}) + group);
    await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', 'cookie=0x99,table=7,ip,actions=group:150', {
      check: true,
    });
    const before = await state();
    expect(await push(program({}))).toMatch(
      /^3 .*WBF7024.*group 150, .* used by a flow that is not ours \(cookie 0x99, table 7\)/s,
    );
    expect(await state()).toBe(before);
    expect(await push(program({}), undefined, '--adopt')).toMatch(/^0 /);
    expect(await state()).not.toContain('150');
  });
});

test('one connection is enough, and a program that names nothing asks for nothing', async () => {
  const proxy = await startProxy(lab, 'br0');
  expect(await push(program({}), proxy.target)).toMatch(/^0 /);
  expect(proxy.connections()).toBe(1);
  const plain = await startProxy(lab, 'br0');
  expect(await push('table t = 9 {\n miss = drop\n}\n', plain.target)).toMatch(/^0 /);
  expect(plain.connections()).toBe(1);
  const multiparts = plain.fromClient().filter((m) => m[1] === 18);
  // Who it is (its LOCAL port), and its flows.
  expect(multiparts.map((m) => m.readUInt16BE(8))).toEqual([13, 1]);
});
