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

/** What the bridge lists in OpenFlow 1.5 (or else) when a flow has been added and a packet has come in. */
async function after(
  flow: string,
  { packet = UNTAGGED, version = 'OpenFlow15', list = version } = {},
): Promise<string> {
  await lab.ofctl('-O', version, 'add-flow', 'br0', flow, { check: true });
  await lab.appctl('netdev-dummy/receive', 'p1', packet, { check: true });
  await lab.appctl('revalidator/wait');
  await lab.appctl('revalidator/wait');
  const text = await listed(list);
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  await lab.appctl('dpctl/del-flows');
  await lab.appctl('revalidator/wait');
  return text;
}

/** The learned flow, which goes to table 1. */
async function learned(specs: string, packet?: string): Promise<string | undefined> {
  const text = await after(`table=0,actions=learn(${specs})`, packet === undefined ? {} : { packet });
  return /^ *table=1, *(.*?)\s*$/m.exec(text)?.[1];
}

async function datapathActions(flow: string, packet: string, version = 'OpenFlow15'): Promise<string> {
  await lab.ofctl('-O', version, 'add-flow', 'br0', flow, { check: true });
  const { stdout } = await lab.appctl('ofproto/trace', 'br0', packet, { check: true });
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  return /^Datapath actions: (.*)$/m.exec(stdout)?.[1] ?? stdout;
}

describe('learned flows', () => {
  test('lose matches on fields without a mask that are not whole bytes (WBF4325)', async () => {
    expect(await learned('eth_type=0x800,ip_dscp=3')).toBe('ip actions=drop');
    expect(await learned('eth_type=0x800,nw_ecn=3')).toBe('ip actions=drop');
    expect(await learned('eth_type=0x8847,mpls_label=3,mpls_tc=1')).toBe('mpls actions=drop');
    expect(await learned('eth_type=0x800,nw_ttl[0..3]=3')).toBe('ip actions=drop');
    expect(await learned('vlan_tci[12]=1,vlan_pcp=3')).toBe('vlan_tci=0x1000/0x1000 actions=drop');
    expect(await learned('eth_type=0x800,nw_ttl=3,nw_proto=5,in_port=1')).toBe(
      'ip,in_port=1,nw_proto=5,nw_ttl=3 actions=drop',
    );
    expect(await learned('eth_type=0x800,nw_tos=184')).toBe('ip,nw_tos=184 actions=drop');
    expect(await learned('vlan_tci[12..15]=0x7')).toBe('dl_vlan_pcp=3 actions=drop');
  });

  test('match a VLAN without the bit that tells that there is a tag (WBF4328, WBF4329)', async () => {
    expect(await learned('vlan_vid=10')).toBe('vlan_tci=0x000a/0x0fff actions=drop');
    expect(await learned('vlan_vid=0')).toBe('vlan_tci=0x0000/0x0fff actions=drop');
    expect(await learned('vlan_tci[12]=1,vlan_vid=10')).toBe('vlan_tci=0x000a/0x0fff actions=drop');
    expect(await learned('vlan_tci[0..12]=vlan_tci[0..12]', TAGGED)).toBe('dl_vlan=10 actions=drop');
  });

  test('make the list unreadable with some writes (WBF4326)', async () => {
    for (const [name, versions] of [
      ['vlan_vid[]', ['OpenFlow15']],
      ['in_port_oxm[]', ['OpenFlow15']],
      ['ct_mark[]', ['OpenFlow10', 'OpenFlow13', 'OpenFlow14', 'OpenFlow15']],
      ['ct_label[0..3]', ['OpenFlow10', 'OpenFlow13', 'OpenFlow14', 'OpenFlow15']],
    ] as const) {
      for (const list of versions) {
        const text = await after(`table=0,actions=learn(eth_dst=eth_src,load:5->${name})`, { list });
        expect(text, `${name} ${list}`).toContain('Protocol error');
      }
    }
    expect(await learned('eth_dst=eth_src,load:0x1005->vlan_tci[0..12]')).toContain('vlan_tci');
    expect(await learned('eth_dst=eth_src,load:5->in_port[]')).toContain('in_port');
  });

  test('are never made where they match what the switch keeps for itself (WBF3009)', async () => {
    expect(await learned('recirc_id=5')).toBeUndefined();
    expect(await learned('dp_hash=5')).toBeUndefined();
  });

  test('have the last of several matches (WBF4328)', async () => {
    expect(await learned('reg0=1,reg0=2')).toBe('reg0=0x2 actions=drop');
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
    expect(await after(flow, { version: 'OpenFlow14', list: 'OpenFlow15' })).toContain('Protocol error');
    expect(await after(flow, { version: 'OpenFlow14' })).toContain('load:0x2->OXM_OF_VLAN_VID[0..3]');
    const instead = 'dl_vlan=5,actions=load:2->vlan_tci[0..3]';
    expect(await after(instead, { version: 'OpenFlow14', list: 'OpenFlow15' })).toContain('vlan_tci');
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
    expect(await header(`md_type=2,${tlvs(31)}`)).toHaveLength(2 + 2 * 248);
    expect(await header(`md_type=2,${tlvs(32)}`)).toBe('0');
  });

  test('a decap behind encap(mpls) ends the switch (WBF4355)', async () => {
    for (const [decap, survives] of [
      ['decap', false],
      ['decap(packet_type(ns=0,type=0))', false],
      ['decap(packet_type(ns=1,type=0x800))', true],
    ] as const) {
      const own = await startSwitch({ dummy: true });
      await own.addBridge('br0', { dummyPorts: 2 });
      await own.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', `ip,actions=encap(mpls),${decap},output:2`, {
        check: true,
      });
      await own.appctl('ofproto/trace', 'br0', 'in_port=1,ip');
      const stopped = own.stop();
      if (survives) await stopped;
      else await expect(stopped, decap).rejects.toThrow('SIGABRT');
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
