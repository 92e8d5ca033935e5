// Pushes to a real switch.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProxy } from '../lab/proxy.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import type { Progress } from '../../src/push/push.ts';
import { act, flowMod, goodFlows, messageOf, ownCookie, planOf, pushTo, target, tlv } from './plans.ts';
import { startPush } from '../../src/push/push.ts';

let lab: Lab;
let to: string;
const dump = (): Promise<string[]> => lab.dumpFlows('br0');
const add = (flows: string): Promise<unknown> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', { input: flows, check: true });

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  to = `unix:${await lab.addBridge('br0', { dummyPorts: 2, dpid: '00000000000000aa' })}`;
});
afterAll(() => lab.stop());
beforeEach(async () => {
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
});

describe('a push', () => {
  test('installs, replaces its own flows and spares others', async () => {
    await add('cookie=0x1234,priority=7,udp,actions=drop\ncookie=0,table=5,arp,actions=drop\n');
    const first = await pushTo(to, planOf(goodFlows(3)));
    expect(first).toMatchObject({
      kind: 'installed',
      flows: 3,
      lookedUp: false,
      identity: { dpid: 0xaan, bridge: 'br0' },
    });
    expect(await dump()).toHaveLength(5);
    const second = await pushTo(to, planOf([{ match: tlv.ip, cookie: ownCookie(9) }]));
    expect(second.kind).toBe('installed');
    expect(await dump()).toEqual([
      'cookie=0x1234, priority=7,udp actions=drop',
      'cookie=0xa0100000000009, ip actions=drop',
      'table=5, arp actions=drop',
    ]);
    expect(await pushTo(to, planOf([{ match: tlv.arp }]), { replace: false })).toMatchObject({
      kind: 'installed',
    });
    expect(await dump()).toHaveLength(4);
    expect(await pushTo(to, planOf([]))).toMatchObject({ kind: 'installed', flows: 0 });
    expect(await dump()).toHaveLength(2);
  });

  test.each(['1.3', '1.4'] as const)('speaks %s as well', async (version) => {
    await pushTo(to, planOf(goodFlows(2)));
    const plan = planOf([{ match: tlv.ip }, { match: tlv.arp }], { version });
    expect(await pushTo(to, plan, { offer: [version] })).toMatchObject({ kind: 'installed' });
    expect(await dump()).toHaveLength(2);
    const bad = planOf(
      [{ match: tlv.ip }, { match: tlv.tcpDst(80) }, { match: tlv.arp, instructions: act.group(9) }],
      { version },
    );
    expect(await pushTo(to, bad, { offer: [version] })).toMatchObject({
      kind: 'refused',
      errors: [{ switchError: 'OFPBMC_BAD_PREREQ' }],
    });
    await add('cookie=0x77,table=1,priority=3,ip,actions=drop\n');
    const clash = planOf([{ match: tlv.ip, table: 1, priority: 3 }], { version });
    expect(await pushTo(to, clash, { offer: [version] })).toMatchObject({ errors: [{ code: 'WBF7011' }] });
  });

  test('tells of its progress, and manages 20,000 flows', async () => {
    const seen: Progress[] = [];
    const result = await pushTo(to, planOf(goodFlows(20_000)), {}, { onProgress: (p) => seen.push(p) });
    expect(result).toMatchObject({ kind: 'installed', flows: 20_000 });
    expect(seen.map((p) => p.phase)).toEqual(
      expect.arrayContaining(['connecting', 'comparing', 'sending', 'committing']),
    );
    const sent = seen.filter((p) => p.phase === 'sending').map((p) => p.done);
    expect(sent.length).toBeGreaterThan(4);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    expect(await dump()).toHaveLength(20_000);
  });
});

describe('refusals', () => {
  test('one bad flow of 1,000 is reported at its place, and none is installed', async () => {
    await pushTo(to, planOf([{ match: tlv.arp }]));
    const flows = goodFlows(1_000);
    flows[617] = { match: tlv.tcpDst(80) };
    const result = await pushTo(to, planOf(flows));
    expect(result).toMatchObject({
      kind: 'refused',
      maybeMore: false,
      errors: [
        {
          code: 'WBF7010',
          severity: 'error',
          place: { file: 0, start: 6170, end: 6175 },
          switchError: 'OFPBMC_BAD_PREREQ',
          message: 'the switch refuses this flow',
        },
      ],
    });
    if (result.kind === 'refused') expect(result.errors[0]!.help).toBeTruthy();
    expect(await dump()).toEqual(['cookie=0xa0100000000001, arp actions=drop']);
  });

  test('all of them are reported, not the first', async () => {
    const flows: Parameters<typeof planOf>[0][number][] = goodFlows(300);
    for (let i = 0; i < 300; i += 3) flows[i] = { match: tlv.tcpDst(i) };
    flows[1] = flowMod({ match: tlv.ip, table: 0, instructions: '0001000800000000' }); // goto_table:0
    const result = await pushTo(to, planOf(flows));
    if (result.kind !== 'refused') throw new Error(result.kind);
    expect(result.errors).toHaveLength(101);
    expect(result.errors.map((e) => e.place.start)).toEqual([
      0,
      10,
      ...Array.from({ length: 99 }, (_, i) => (i + 1) * 30),
    ]);
    expect(result.errors[1]!.switchError).toBe('OFPBIC_BAD_TABLE_ID');
    expect(await dump()).toEqual([]);
  });

  test('those of the commit too, which stops at its first', async () => {
    await pushTo(to, planOf([{ match: tlv.arp }]));
    const flows = goodFlows(50);
    flows[4] = { match: tlv.ip, instructions: act.group(99) };
    flows[20] = { match: tlv.ipv6, instructions: act.group(98) };
    flows[21] = { match: tlv.inPort(1), priority: 32768, flags: 2 };
    const result = await pushTo(to, planOf(flows));
    if (result.kind !== 'refused') throw new Error(messageOf(result));
    expect(result.errors.map((e) => [e.place.start, e.switchError])).toEqual([
      [40, 'OFPBAC_BAD_OUT_GROUP'],
      [200, 'OFPBAC_BAD_OUT_GROUP'],
      [210, 'OFPFMFC_OVERLAP'],
    ]);
    expect(result.maybeMore).toBe(false);
    expect(await dump()).toEqual(['cookie=0xa0100000000001, arp actions=drop']);
  });

  test('a flow too long for a bundle', async () => {
    const long = flowMod({
      match: tlv.ip,
      instructions: `0004ffc000000000${'0000001000000001ffff000000000000'.repeat(4092)}`,
    });
    expect(long.length).toBeGreaterThan(65519);
    expect(await pushTo(to, planOf([{ match: tlv.arp }, long]))).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF5110', place: { start: 10 } }],
    });
    expect(await dump()).toEqual([]);
  });

  test('rubbish in the place of a flow', async () => {
    const rubbish = [Buffer.alloc(8), Buffer.alloc(56, 0xff), Buffer.from('060e000800000000', 'hex')];
    const result = await pushTo(to, planOf([{ match: tlv.arp }, ...rubbish]));
    expect(['refused', 'failed', 'unchanged']).toContain(result.kind);
    expect(await dump()).toEqual([]);
  });
});

describe('flows of others', () => {
  test('are not taken over until --adopt', async () => {
    await add('cookie=0x1234,priority=7,table=3,tcp,tcp_dst=80,actions=drop\n');
    const plan = planOf([
      { match: tlv.arp },
      // The same match in another order and with needless masks.
      { table: 3, priority: 7, match: `80000b040800ffff 80001401 06 ${tlv.tcpDst(80)}` },
      { table: 3, priority: 8, match: `${tlv.ip}8000140106${tlv.tcpDst(80)}` },
    ]);
    const result = await pushTo(to, plan);
    expect(result).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'WBF7011',
          place: { start: 10 },
          message: expect.stringContaining('cookie 0x1234') as string,
        },
      ],
    });
    expect(await dump()).toHaveLength(1);
    expect(await pushTo(to, plan, { adopt: true })).toMatchObject({ kind: 'installed' });
    expect(await dump()).toHaveLength(3);
    expect((await dump()).join()).not.toContain('0x1234');
  });

  test('a flow with the cookie that ours states is ours', async () => {
    const plan = planOf([{ match: tlv.arp, cookie: 0x42n }, { match: tlv.ip }]);
    expect(await pushTo(to, plan)).toMatchObject({ kind: 'installed' });
    expect(await pushTo(to, plan)).toMatchObject({ kind: 'installed' });
    expect(await dump()).toEqual([
      'cookie=0x42, arp actions=drop',
      'cookie=0xa0100000000001, ip actions=drop',
    ]);
  });

  test('are found under whatever header their match travels', async () => {
    const texts = [
      'in_port=1,vlan_vid=0x1005/0x1fff,vlan_pcp=3',
      'vlan_tci=0x0000',
      'vlan_tci=0x1000/0x1000',
      'dl_vlan=7,ip,nw_tos=32,nw_ecn=1',
      'reg0=5,reg1=6,reg3=0x10/0xf0',
      'xreg2=0x1234,xxreg2=5',
      'ip,ct_state=+trk+est,ct_mark=4/0xff,ct_label=9',
      'ip,nw_src=10.0.0.0/8,nw_dst=10.1.2.3/255.0.255.0,nw_frag=first',
      'icmp6,icmp_type=135,nd_target=fe80::1,ipv6_src=fe80::/10',
      'tcp6,tcp_flags=+syn-ack,tp_dst=443',
      'tun_id=5,tun_src=1.2.3.4,tun_flags=+oam,metadata=7/0xff',
      'dl_type=0x894f,nsh_spi=0x123,nsh_si=7,nsh_c1=5/0xf',
      'packet_type=(1,0x800),nw_src=1.2.3.4',
      'conj_id=5,pkt_mark=3,actset_output=1,dp_hash=0',
      'mpls,mpls_label=5,mpls_bos=1',
      'arp,arp_op=1,arp_sha=02:00:00:00:00:01,arp_tpa=10.0.0.1,dl_src=01:00:00:00:00:00/01:00:00:00:00:00',
      'eth_type=0,in_port=LOCAL',
      '',
    ];
    for (const version of ['OpenFlow10', 'OpenFlow13', 'OpenFlow15'] as const) {
      const usable = texts.filter((t) => version !== 'OpenFlow10' || !/packet_type|actset|dp_hash/.test(t));
      const { captureAddFlows } = await import('../lab/proxy.ts');
      const lines = usable
        .map((t, i) => `cookie=7,priority=${i + 1},${t}${t === '' ? '' : ','}actions=drop`)
        .join('\n');
      // What ovs-ofctl sends in 1.5 must be found in what the switch reports of what was sent in that version.
      const messages = await captureAddFlows(
        lab,
        'br0',
        lines.replaceAll('dp_hash=0', 'dp_hash=0/0') + '\n',
        { install: false },
      );
      await lab.ofctl('-O', version, 'add-flows', 'br0', '-', {
        input: lines.replaceAll('dp_hash=0', 'dp_hash=0/0') + '\n',
        check: true,
      });
      for (const m of messages) m.writeBigUInt64BE(ownCookie(1), 8);
      const result = await pushTo(to, planOf(messages));
      if (result.kind !== 'refused') throw new Error(`${version}: ${result.kind}`);
      expect(result.errors.map((e) => e.place.start / 10)).toEqual(usable.map((_, i) => i));
      await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
    }
  });
});

describe('a connection that is cut', () => {
  const oldFlows = goodFlows(20);
  const newFlows = goodFlows(20, { priority: 5 });
  const oldPlan = planOf(oldFlows);
  const newPlan = planOf(newFlows);

  test.each(['client', 'switch'] as const)('after every message of the %s', async (from) => {
    const kinds = new Set<string>();
    for (let after = 0; after < 60; after++) {
      for (const forward of [true, false]) {
        await pushTo(to, oldPlan);
        const oldDump = await dump();
        const proxy = await startProxy(lab, 'br0', { cut: { from, after, forward } });
        const result = await pushTo(proxy.target, newPlan);
        kinds.add(result.kind);
        const now = await dump();
        const isNew = now.every((line) => line.includes('priority=5')) && now.length === 20;
        const where = `${from} ${after} ${forward} ${result.kind}`;
        if (result.kind === 'installed') expect(isNew, where).toBe(true);
        else expect(now, where).toEqual(oldDump);
        expect(result.kind, where).not.toBe('unknown');
        const cut = proxy.messages.filter((m) => m.connection === 0 && m.from === from).length >= after;
        await proxy.close();
        if (!cut) {
          expect([...kinds].sort()).toEqual(expect.arrayContaining(['installed', 'unchanged']));
          return;
        }
      }
    }
    throw new Error('the push never got through');
  });

  test('at the commit, with a program that differs in its actions alone', async () => {
    for (const forward of [true, false]) {
      await pushTo(to, oldPlan);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const commit = await commitIndex(newPlan);
      const other = planOf(goodFlows(20, { instructions: act.output(2) }));
      const proxy = await startProxy(lab, 'br0', { cut: { from: 'client', after: commit, forward } });
      const result = await pushTo(proxy.target, other);
      expect(result.kind).toBe(forward ? 'installed' : 'unchanged');
      expect((await dump()).every((line) => line.includes(forward ? 'output:2' : 'output:1'))).toBe(true);
    }
  });

  test('at the commit, with the same program', async () => {
    for (const forward of [true, false]) {
      const commit = await commitIndex(oldPlan);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const proxy = await startProxy(lab, 'br0', { cut: { from: 'client', after: commit, forward } });
      const result = await pushTo(proxy.target, oldPlan);
      expect(result).toMatchObject(forward ? { kind: 'installed', lookedUp: true } : { kind: 'unchanged' });
    }
  });

  test('at the commit, and nobody is there to be asked', async () => {
    await pushTo(to, oldPlan);
    const commit = await commitIndex(newPlan);
    const proxy = await startProxy(lab, 'br0', {
      cut: { from: 'client', after: commit },
      hook: ({ connection }) => (connection > 0 ? 'cut' : undefined),
    });
    const result = await pushTo(proxy.target, newPlan, { timeoutMs: 1_500 });
    expect(result.kind).toBe('unknown');
    expect(messageOf(result)).toContain('it could not be looked up');
  });

  async function commitIndex(plan: typeof oldPlan): Promise<number> {
    const proxy = await startProxy(lab, 'br0');
    await pushTo(proxy.target, plan);
    const sent = proxy.fromClient();
    await proxy.close();
    return sent.findIndex((m) => m[1] === 33 && m.readUInt16BE(12) === 4) + 1;
  }
});

describe('an interruption', () => {
  test('before the commit leaves everything as it was', async () => {
    await pushTo(to, planOf([{ match: tlv.arp }]));
    for (const phase of ['connecting', 'comparing', 'sending'] as const) {
      const stop = new AbortController();
      const result = await pushTo(
        to,
        planOf(goodFlows(9_000)),
        { signal: stop.signal },
        {
          onProgress: (p) => {
            if (p.phase === phase) stop.abort();
          },
        },
      );
      expect(result.kind, phase).toBe('unchanged');
      expect(messageOf(result)).toContain('interrupted');
      expect(await dump()).toHaveLength(1);
    }
  });

  test('after the commit was sent waits for its answer', async () => {
    const stop = new AbortController();
    const result = await pushTo(
      to,
      planOf(goodFlows(5)),
      { signal: stop.signal },
      {
        onProgress: (p) => {
          if (p.phase === 'committing') stop.abort();
        },
      },
    );
    expect(result.kind).toBe('installed');
  });

  test('before there is a plan', async () => {
    const started = startPush(target(to));
    await new Promise((resolve) => setTimeout(resolve, 50));
    started.close();
    const listening = startPush(target('ptcp:0'));
    listening.close();
  });

  test('no socket stays behind', async () => {
    const open = (): number =>
      (process as unknown as { getActiveResourcesInfo: () => string[] })
        .getActiveResourcesInfo()
        .filter((r) => /Pipe|TCP/.test(r)).length;
    const before = open();
    for (let i = 0; i < 5; i++) await pushTo(to, planOf(goodFlows(2)));
    await expect.poll(open, { timeout: 3_000 }).toBe(before);
  });
});

describe('what the switch does not agree with', () => {
  test('versions: it says what the switch offers and what to do', async () => {
    await lab.addBridge('old', { protocols: ['OpenFlow10', 'OpenFlow13'] });
    const result = await pushTo(`unix:${lab.mgmt('old')}`, planOf([]));
    expect(result).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'WBF7003',
        message: expect.stringContaining(
          'does not speak OpenFlow 1.5; it offers OpenFlow 1.0, OpenFlow 1.3',
        ) as string,
        help: 'push for what it offers, with `--of 1.3`, or allow ours: `ovs-vsctl set bridge old protocols=OpenFlow10,OpenFlow13,OpenFlow15`',
      },
    });
  });

  test('versions: where nothing on offer has bundles, only the bridge can help', async () => {
    await lab.addBridge('older', { protocols: ['OpenFlow10', 'OpenFlow12'] });
    expect(await pushTo(`unix:${lab.mgmt('older')}`, planOf([]))).toMatchObject({
      problem: { help: 'allow it: `ovs-vsctl set bridge older protocols=OpenFlow10,OpenFlow12,OpenFlow15`' },
    });
  });

  test('other sockets of Open vSwitch', async () => {
    for (const path of [lab.db.slice('unix:'.length), `${lab.dir}/ovs-vswitchd.${lab.pid()}.ctl`]) {
      const result = await pushTo(`unix:${path}`, planOf([]), { timeoutMs: 1_000 });
      expect(result.kind).toBe('failed');
      expect(['WBF7004', 'WBF7005']).toContain('problem' in result ? result.problem.code : '');
    }
  });

  test('sockets that are not there, or not open', async () => {
    expect(messageOf(await pushTo(`unix:${lab.dir}/none.mgmt`, planOf([])))).toContain(
      'there is no such socket',
    );
    expect(messageOf(await pushTo(`unix:${lab.dir}/conf.db`, planOf([])))).toMatch(
      /nobody listens|not a socket/,
    );
    expect(messageOf(await pushTo('tcp:127.0.0.1:1', planOf([])))).toContain('nobody listens on that port');
  });
});
