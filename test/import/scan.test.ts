// What is found in files and scripts, before anything of it is read.
import { describe, expect, test } from 'vitest';
import { DiagnosticBag } from '../../src/diagnostics/define.ts';
import type { Item } from '../../src/import/items.ts';
import { spanOf } from '../../src/import/piece.ts';
import { scan } from '../../src/import/scan.ts';

function scanned(text: string) {
  const bag = new DiagnosticBag();
  const result = scan(text, bag);
  const said = (item: Item): string => item.text.slice(item.start, item.end);
  const told = bag.all.map((d) => `${d.code} ${text.slice(d.place.start, d.place.end)}`);
  return { ...result, texts: result.items.map(said), told };
}

describe('a file of flows', () => {
  test('has one on each line, comments and blank lines aside', () => {
    const { texts, items, told } = scanned(
      '# first\n\n  priority=1 actions=drop  # why\r\n\n# a\n# b\nip actions=1\n#\n',
    );
    expect(texts).toEqual(['priority=1 actions=drop', 'ip actions=1']);
    expect(items.map((i) => i.comments)).toEqual([['why'], ['a', 'b']]);
    expect(told).toEqual([]);
  });

  test('begins with what is said of all of it', () => {
    const { header, items, trailer } = scanned('# all\n# of it\n\n# one\narp actions=drop\n# end\n');
    expect(header).toEqual(['all', 'of it']);
    expect(items[0]?.comments).toEqual(['one']);
    expect(trailer).toEqual(['end']);
  });

  test('may have groups, meters over several lines, and options in it', () => {
    const text = `OFPST_GROUP_DESC reply (OF1.5) (xid=0x2):
 group_id=1,type=all,bucket=output:1
OFPST_METER_CONFIG reply (OF1.3) (xid=0x2):
meter=7 kbps burst stats bands=
type=drop rate=1000 burst_size=100
type=drop rate=2000 burst_size=100

meter=8 pktps bands=
type=drop rate=50
NXT_TLV_TABLE_REPLY (xid=0x4):
 max option space=256 max fields=64
 allocated option space=4

 mapping table:
  class  type  length  match field
 ------  ----  ------  --------------
 0x102  0x80       4  tun_metadata0
NXST_FLOW reply (xid=0x4):
 cookie=0x0, duration=3.1s, table=0, n_packets=0, n_bytes=0, priority=1 actions=drop
`;
    const { items, texts, told } = scanned(text);
    expect(items.map((i) => i.kind)).toEqual(['group', 'meter', 'meter', 'tlv', 'flow']);
    expect(texts[1]?.split('\n').length).toBe(3);
    expect(texts[2]).toBe('meter=8 pktps bands=\ntype=drop rate=50');
    expect(items[4]?.dumped).toBe(true);
    expect(told).toEqual([]);
  });

  test('may have other lines, which are reported once', () => {
    const { texts, told } = scanned('$ ovs-dpctl show\nip actions=drop\nuser@host:~$ exit\n');
    expect(texts).toEqual(['ip actions=drop']);
    expect(told).toEqual(['WBF8270 $ ovs-dpctl show']);
  });
});

describe('a script', () => {
  test('gives ovs-ofctl its flows through the quotes of the shell', () => {
    const text = `#!/bin/sh
# up
ovs-ofctl add-flow br0 "priority=1, ip, \\
   actions=drop"   # no IP
sudo ovs-ofctl -O OpenFlow13 add-flow br0 'priority=2 actions=output:1' && /usr/bin/ovs-ofctl --strict add-flow br0 priority=3,actions=2; ovs-ofctl add-flow br1 priority"="4,actions='dr'op
`;
    const { items, texts, told } = scanned(text);
    expect(texts).toEqual([
      'priority=1, ip,    actions=drop',
      'priority=2 actions=output:1',
      'priority=3,actions=2',
      'priority=4,actions=drop',
    ]);
    expect(items.map((i) => i.bridge)).toEqual(['br0', 'br0', 'br0', 'br1']);
    expect(items[0]?.comments).toEqual(['up', 'no IP']);
    expect(told).toEqual([]);
    // Places lead back to the script.
    const spans = items.map((i) => spanOf(i));
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([
      'priority=1, ip, \\\n   actions=drop',
      'priority=2 actions=output:1',
      'priority=3,actions=2',
      `priority"="4,actions='dr'op`,
    ]);
  });

  test('may have flows in here-documents, through pipes and in files of its own', () => {
    const text = `ovs-ofctl add-flows br0 - <<EOF
# one
ip actions=drop
arp actions=\\
drop
EOF
cat <<'X' | ovs-ofctl add-flows br0 -
ip6 actions=drop # $not
X
cat > flows.txt <<-"END"
\tudp actions=drop
\tEND
ovs-ofctl add-flows br0 flows.txt
`;
    const { texts, items, told } = scanned(text);
    expect(texts).toEqual(['ip actions=drop', 'arp actions=drop', 'ip6 actions=drop', 'udp actions=drop']);
    expect(items[0]?.comments).toEqual(['one']);
    expect(told).toEqual([]);
  });

  test('has variables that nobody can expand', () => {
    const text = `for p in 1 2; do
  ovs-ofctl add-flow $BR "in_port=$p,nw_dst=\${NET}/24 actions=output:$(port x)"
  ovs-ofctl add-flow $BR 'priority=7 actions=drop'
done
ovs-ofctl add-flows $BR - <<EOF
in_port=$p actions=drop
in_port=\\$p actions=drop
EOF
`;
    const { texts, items, told, unreadable } = scanned(text);
    expect(texts).toEqual(['priority=7 actions=drop', 'in_port=$p actions=drop']);
    expect(items[0]?.bridge).toBe('$BR');
    expect(told).toEqual([
      'WBF8252 for p in 1 2',
      'WBF8250 $p',
      'WBF8250 ${NET}',
      'WBF8250 $(port x)',
      'WBF8250 $p',
    ]);
    expect(unreadable.length).toBe(2);
  });

  test('does other things too, which are named once each', () => {
    const text = `set -e
ovs-vsctl add-br br0
ovs-vsctl add-port br0 eth0
echo "ovs-ofctl add-flow br0 actions=drop"
ovs-ofctl show br0
OF="ovs-ofctl -O OpenFlow13"
$OF add-flow br0 "actions=drop" > /dev/null 2>&1
ovs-ofctl add-flows br0 other.flows
ovs-ofctl add-flow br0 ip actions=drop
ovs-ofctl add-flow br0
`;
    const { texts, told } = scanned(text);
    expect(texts).toEqual(['actions=drop']);
    expect(told).toEqual([
      'WBF8256 other.flows',
      'WBF8254 actions=drop',
      'WBF8255 ovs-ofctl add-flow br0',
      'WBF8251 set -e',
      'WBF8251 ovs-vsctl add-br br0',
      'WBF8251 echo "ovs-ofctl add-flow br0 actions=drop"',
      'WBF8251 ovs-ofctl show br0',
      'WBF8251 OF="ovs-ofctl -O OpenFlow13"',
    ]);
  });

  test('says what it deletes and changes', () => {
    const { texts, items } = scanned(`ovs-ofctl del-flows br0
ovs-ofctl --strict del-flows br0 "priority=5,ip"
ovs-ofctl del-groups br0
ovs-ofctl del-groups br0 group_id=7
ovs-ofctl mod-group br0 group_id=7,type=all
ovs-ofctl --may-create mod-group br0 group_id=7,type=all
ovs-ofctl mod-flows br0 "ip,actions=drop"
ovs-ofctl -OOpenFlow13 add-meter br0 meter=1,kbps,band=type=drop,rate=5
ovs-ofctl del-tlv-map br0
`);
    expect(texts).toEqual([
      'delete',
      'delete_strict priority=5,ip',
      'delete',
      'delete group_id=7',
      'modify group_id=7,type=all',
      'add_or_mod group_id=7,type=all',
      'modify ip,actions=drop',
      'meter=1,kbps,band=type=drop,rate=5',
      'delete',
    ]);
    expect(items.map((i) => i.kind)).toEqual([
      ...['flow', 'flow', 'group', 'group', 'group', 'group', 'flow', 'meter', 'tlv'],
    ]);
  });

  test('may be broken off', () => {
    const { texts, told } = scanned(
      `ovs-ofctl add-flow br0 "ip actions=drop"\novs-ofctl add-flow br0 "arp\n`,
    );
    expect(texts).toEqual(['ip actions=drop']);
    expect(told).toEqual(['WBF8253 "arp', 'WBF8255 ovs-ofctl add-flow br0']);
  });
});

describe('a bridge', () => {
  const bridges = (text: string): (string | null)[] => scanned(text).items.map((i) => i.bridge);

  test('may be a variable, with braces or without, and what the script says that it is', () => {
    const flow = 'arp,actions=drop';
    expect(bridges(`ovs-ofctl add-flow $BR ${flow}\novs-ofctl add-flow "\${BR}" ${flow}\n`)).toEqual([
      '$BR',
      '$BR',
    ]);
    expect(bridges(`BR=br0\novs-ofctl add-flow $BR ${flow}\novs-ofctl add-flow br0 ${flow}\n`)).toEqual([
      'br0',
      'br0',
    ]);
    expect(bridges(`BR=\${BR:-br1}\novs-ofctl add-flow \${BR} ${flow}\n`)).toEqual(['br1']);
    // Which of them it is depends on what has been executed.
    expect(bridges(`BR=a\nBR=b\novs-ofctl add-flow $BR ${flow}\n`)).toEqual(['$BR']);
  });
});

describe('flows in words of a command', () => {
  test('for another shell', () => {
    const text = `ssh host "ovs-ofctl add-flow br0 'ip,actions=1'; ovs-ofctl add-flow br0 \\"arp,actions=2\\""\n`;
    const { texts, items, told } = scanned(text);
    expect(texts).toEqual(['ip,actions=1', 'arp,actions=2']);
    expect(items.map((i) => spanOf(i).start)).toEqual(texts.map((t) => text.indexOf(t)));
    expect(told).toEqual([]);
  });

  test('which are read in quotes that are not closed there', () => {
    const { texts, told } = scanned(`sh -c "ovs-ofctl add-flow br0 'ip,actions=1"\n`);
    expect(texts).toEqual([]);
    expect(told).toContain(`WBF8253 'ip,actions=1`);
  });

  test('which echo says to ovs-ofctl', () => {
    const { texts, told } = scanned(`echo 'ip,actions=1' | ovs-ofctl add-flows br0 -\n`);
    expect(texts).toEqual(['ip,actions=1']);
    expect(told).toEqual([]);
  });

  test('which something else says to it are not known', () => {
    const { texts, told } = scanned(`echo "ip,actions=$P" | ovs-ofctl add-flows br0 -\n`);
    expect(texts).toEqual([]);
    expect(told).toContain('WBF8256 -');
  });
});

test('colors of a terminal are no part of a dump', () => {
  const text = ' \u001b[32mpriority=\u001b[0m5 \u001b[1;31mactions=\u001b[mdrop\u001b[K\n';
  const { texts, items } = scanned(text);
  expect(texts).toEqual(['priority=5 actions=drop']);
  expect(items.map((i) => spanOf(i).start)).toEqual([text.indexOf('priority')]);
});
