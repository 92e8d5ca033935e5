/** What diagnostics say of bugs and surprises of Open vSwitch is true of the one at hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSwitch, type Lab } from '../lab/switch.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 3 });
});

afterAll(async () => {
  await lab.stop();
});

const IP = '45000028000100004006f97b0a0000010a0000021f900050000000000000000050022000000000000';
const MACS = '500000000002500000000001';
const UNTAGGED = `${MACS}0800${IP}0`;
const TAGGED = `${MACS}8100200a0800${IP}0`;

async function listed(version: string): Promise<string> {
  const { stdout, stderr } = await lab.ofctl('-O', version, '--no-stats', 'dump-flows', 'br0');
  return stdout + stderr;
}

interface Tried {
  readonly packet?: string;
  /** In which the flow is added. */
  readonly version?: string;
  /** In which the flows are listed, one after the other. */
  readonly lists?: readonly string[];
}

/** What the bridge lists, in one version or several, when a flow has been added and a packet has come in. */
async function after(flow: string, tried: Tried = {}): Promise<string[]> {
  const { packet = UNTAGGED, version = 'OpenFlow15', lists = [version] } = tried;
  await lab.ofctl('-O', version, 'add-flow', 'br0', flow, { check: true });
  await lab.appctl('netdev-dummy/receive', 'p1', packet, { check: true });
  await lab.appctl('revalidator/wait');
  const texts: string[] = [];
  for (const list of lists) texts.push(await listed(list));
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  await lab.appctl('dpctl/del-flows');
  await lab.appctl('revalidator/wait');
  return texts;
}

/** The flows that are learned with these specs from one packet, which go to tables 1, 2, … */
async function learned(specs: readonly string[], packet = UNTAGGED): Promise<(string | undefined)[]> {
  const actions = specs.map((spec, i) => `learn(table=${i + 1},${spec})`);
  const [text = ''] = await after(`table=0,actions=${actions.join()}`, { packet });
  return specs.map((_, i) => new RegExp(`^ *table=${i + 1}, *(.*?)\\s*$`, 'm').exec(text)?.[1]);
}

async function datapathActions(flow: string, packet: string, version = 'OpenFlow15'): Promise<string> {
  await lab.ofctl('-O', version, 'add-flow', 'br0', flow, { check: true });
  const { stdout } = await lab.appctl('ofproto/trace', 'br0', packet, { check: true });
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  return /^Datapath actions: (.*)$/m.exec(stdout)?.[1] ?? stdout;
}

describe('learned flows', () => {
  const expectLearned = async (flows: Readonly<Record<string, string>>, packet?: string): Promise<void> => {
    const found = await learned(Object.keys(flows), packet);
    expect(Object.fromEntries(Object.keys(flows).map((specs, i) => [specs, found[i]]))).toEqual(flows);
  };

  test('lose matches on fields without a mask that are not whole bytes (WBF4325)', async () => {
    await expectLearned({
      'eth_type=0x800,ip_dscp=3': 'ip actions=drop',
      'eth_type=0x800,nw_ecn=3': 'ip actions=drop',
      'eth_type=0x8847,mpls_label=3,mpls_tc=1': 'mpls actions=drop',
      'eth_type=0x800,nw_ttl[0..3]=3': 'ip actions=drop',
      'vlan_tci[12]=1,vlan_pcp=3': 'vlan_tci=0x1000/0x1000 actions=drop',
      'eth_type=0x800,nw_ttl=3,nw_proto=5,in_port=1': 'ip,in_port=1,nw_proto=5,nw_ttl=3 actions=drop',
      'eth_type=0x800,nw_tos=184': 'ip,nw_tos=184 actions=drop',
      'vlan_tci[12..15]=0x7': 'dl_vlan_pcp=3 actions=drop',
    });
  });

  test('match a VLAN without the bit that tells that there is a tag (WBF4329)', async () => {
    await expectLearned(
      {
        'vlan_vid=10': 'vlan_tci=0x000a/0x0fff actions=drop',
        'vlan_vid=0': 'vlan_tci=0x0000/0x0fff actions=drop',
        'vlan_tci[12]=1,vlan_vid=10': 'dl_vlan=10 actions=drop',
        'vlan_tci[0..12]=vlan_tci[0..12]': 'dl_vlan=10 actions=drop',
      },
      TAGGED,
    );
  });

  test('have the last of several matches (WBF4328)', async () => {
    await expectLearned({ 'reg0=1,reg0=2': 'reg0=0x2 actions=drop' });
  });

  test('make the list unreadable with some writes (WBF4326)', async () => {
    const all = ['OpenFlow10', 'OpenFlow13', 'OpenFlow14', 'OpenFlow15'];
    for (const [name, lists] of [
      ['vlan_vid[]', ['OpenFlow15']],
      ['in_port_oxm[]', ['OpenFlow15']],
      ['ct_mark[]', all],
      ['ct_label[0..3]', all],
    ] as const) {
      const texts = await after(`table=0,actions=learn(eth_dst=eth_src,load:5->${name})`, { lists });
      for (const text of texts) expect(text, name).toContain('Protocol error');
    }
    const found = await learned([
      'eth_dst=eth_src,load:0x1005->vlan_tci[0..12]',
      'eth_dst=eth_src,load:5->in_port[]',
    ]);
    expect(found[0]).toContain('vlan_tci');
    expect(found[1]).toContain('in_port');
  });

  test('are never made where they match what the switch keeps for itself (WBF3009)', async () => {
    const found = await learned(['recirc_id=5', 'dp_hash=5', 'reg0=5']);
    expect(found).toEqual([undefined, undefined, 'reg0=0x5 actions=drop']);
  });
});

describe('tags', () => {
  test('a second one is pushed where the match says nothing (WBF4361)', async () => {
    const tagged = 'in_port=1,dl_vlan=7,dl_vlan_pcp=0';
    expect(await datapathActions('actions=mod_vlan_vid:5,output:2', tagged)).toBe('push_vlan(vid=5,pcp=0),2');
    const changed = 'pop_vlan,push_vlan(vid=5,pcp=0),2';
    expect(await datapathActions('actions=mod_vlan_vid:5,output:2', tagged, 'OpenFlow10')).toBe(changed);
    expect(await datapathActions('dl_vlan=7,actions=mod_vlan_vid:5,output:2', tagged)).toBe(changed);
  });

  test('bits of a VLAN number written before OpenFlow 1.5 make the list unreadable (WBF4014)', async () => {
    const flow = 'dl_vlan=5,actions=load:2->vlan_vid[0..3]';
    const old = { version: 'OpenFlow14', lists: ['OpenFlow14', 'OpenFlow15'] };
    const [readable, unreadable] = await after(flow, old);
    expect(readable).toContain('load:0x2->OXM_OF_VLAN_VID[0..3]');
    expect(unreadable).toContain('Protocol error');
    const [, instead] = await after('dl_vlan=5,actions=load:2->vlan_tci[0..3]', old);
    expect(instead).toContain('vlan_tci');
  });
});

describe('encapsulation', () => {
  test('packets that cannot be encapsulated are dropped (WBF4354)', async () => {
    expect(await datapathActions('actions=encap(ethernet),output:2', 'in_port=1,ip')).toBe('drop');
    expect(await datapathActions('actions=decap,encap(ethernet),output:2', 'in_port=1,ip,dl_vlan=5')).toBe(
      'drop',
    );
    expect(await datapathActions('actions=decap,encap(ethernet),output:2', 'in_port=1,ip')).toContain(
      'pop_eth',
    );
  });

  test('metadata of NSH is left out (WBF4352)', async () => {
    const header = async (args: string): Promise<string> => {
      const actions = await datapathActions(
        `actions=encap(nsh(${args})),encap(ethernet),output:2`,
        'in_port=1,ip',
      );
      return /md2=(\w+)/.exec(actions)?.[1] ?? 'none';
    };
    const tlvs = (count: number): string => 'tlv(0x1000,10,0x01020304),'.repeat(count).slice(0, -1);
    expect(await header('md_type=2,tlv(0x1000,10,0x12345678)')).toBe('0x10000a0412345678');
    expect(await header('md_type=1,tlv(0x1000,10,0x12345678)')).toBe('none');
    expect(await header('tlv(0x1000,10,0x12345678)')).toBe('none');
    expect(await header(`md_type=2,${tlvs(30)}`)).toHaveLength(2 + 2 * 240);
    expect(await header(`md_type=2,${tlvs(31)}`)).toBe('0');
  });

  test('some flows end the switch (WBF4355, WBF4356)', async () => {
    const tlvs = `md_type=2,tlv(0x1,2,0x${'ab'.repeat(116)})`;
    for (const [actions, survives] of [
      ['encap(mpls),decap,output:2', false],
      ['encap(mpls),decap(packet_type(ns=0,type=0)),output:2', false],
      ['encap(mpls),decap(packet_type(ns=1,type=0x800)),output:2', true],
      ['encap(mpls),encap(ethernet),decap,decap,output:2', true],
      ['encap(mpls),encap(mpls),decap,output:2', true],
      ['encap(mpls),clone(decap),output:2', true],
      [`encap(nsh(${tlvs},tlv(0x1,2,0x${'ab'.repeat(116)}))),encap(ethernet),output:2`, true],
      [`encap(nsh(${tlvs},tlv(0x1,2,0x${'ab'.repeat(120)}))),encap(ethernet),output:2`, false],
    ] as const) {
      const own = await startSwitch({ dummy: true });
      await own.addBridge('br0', { dummyPorts: 2 });
      await own.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', `ip,actions=${actions}`, { check: true });
      await own.appctl('ofproto/trace', 'br0', 'in_port=1,ip');
      // The command comes back when the socket closes, a moment before the process has ended.
      const alive = await own.appctl('version').then(({ status }) => status === 0);
      expect(alive, actions).toBe(survives);
      if (!survives) await new Promise((resolve) => setTimeout(resolve, 200));
      const stopped = own.stop();
      if (survives) await stopped;
      else await expect(stopped, actions).rejects.toThrow('SIGABRT');
    }
  });
});

test('ports to choose from (WBF4345), and widths that wrap (WBF4342)', async () => {
  const empty = 'bundle(eth_src,0,hrw,ofport,members:)';
  expect(await datapathActions(`actions=${empty}`, 'in_port=1,ip')).toBe('drop');
  const { stdout } = await lab.ofctl('-O', 'OpenFlow15', 'parse-flow', 'actions=output:xxreg0[]', {
    check: true,
  });
  expect(stdout).toContain('output:NXM_NX_XXREG0[1..64]');
});

test('a flow of more than 65472 bytes is not listed in OpenFlow 1.5 (WBF5118)', async () => {
  const list = async (outputs: number): Promise<boolean> => {
    await lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', {
      input: `actions=${Array.from({ length: outputs }, () => 'output:1').join()}\n`,
      check: true,
    });
    const text = await listed('OpenFlow15');
    await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
    return text.includes('output:1');
  };
  expect(await list(4088)).toBe(true);
  expect(await list(4089)).toBe(false);
});
