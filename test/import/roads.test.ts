// Flows of a shape that is known are printed without being read: whatever the file, that must not show.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/import/assemble.ts';
import { importText } from '../../src/import/import.ts';
import { QuickRoad } from '../../src/import/shapes/road.ts';
import { actionsText } from './read-arbitrary-actions.ts';
import { Dice, matchText, portText } from './read-arbitrary.ts';

interface Outcome {
  readonly text: string | null;
  readonly says: readonly string[];
  readonly counts: string;
}

function outcome(text: string, plain: boolean): Outcome {
  const options = { name: 'roads', keepGoing: true, plain };
  const { chunks, diagnostics, flows, groups, meters } = importText({ path: 'roads.txt', text }, options);
  return {
    text: chunks === null ? null : textOf(chunks),
    says: diagnostics.map((d) => `${d.code} ${d.place.start}..${d.place.end} ${d.message}`),
    counts: `${flows} ${groups} ${meters}`,
  };
}

/** How many flows went which way since it was asked last. */
const taken = { quick: 0, all: 0 };
// Called with the road it belongs to.
// eslint-disable-next-line @typescript-eslint/unbound-method
const find = QuickRoad.prototype.find;
QuickRoad.prototype.find = function (this: QuickRoad, ...args: Parameters<typeof find>) {
  const found = find.apply(this, args);
  taken.all++;
  if (found !== null) taken.quick++;
  return found;
};

function compare(text: string, what: string): void {
  expect(outcome(text, false), what).toEqual(outcome(text, true));
}

const LITERAL =
  /\b[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}\b|\b\d+\.\d+\.\d+\.\d+\b|\b0x[0-9a-f]+\b|(?<=[=:,(/])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\b|(?<=[=:,(/])\d+\b/g;

/** The flow with other values in some places: a little different, or very, or none that anybody expects. */
function varied(d: Dice, flow: string, which: ReadonlySet<number>): string {
  let index = 0;
  return flow.replace(LITERAL, (literal) => {
    if (!d.chance(which.has(index++) ? 80 : 1)) return literal;
    if (/^[0-9a-f]{1,2}:[0-9a-f]{1,2}:[0-9a-f]{1,2}:/.test(literal) && literal.length === 17)
      return d.chance(97)
        ? literal.slice(0, 15) + d.roll(256).toString(16).padStart(2, '0')
        : d.one([
            '00:00:00:00:00:00',
            'FF:ff:ff:ff:ff:ff',
            '1:2:3:4:5:6',
            '01:80:c2:00:00:0e',
            '02:00:00:00:00:0g',
          ]);
    if (literal.includes('.'))
      return d.chance(95)
        ? literal.replace(/\d+$/, String(d.roll(256)))
        : d.one(['0.0.0.0', '10.0.0.0', '255.255.255.255', '010.1.1.1', '256.0.0.1', '224.0.0.1', '1.2.3']);
    if (literal.includes(':'))
      return d.chance(95)
        ? literal.replace(/[0-9a-f]+$/, d.roll(0x10000).toString(16))
        : d.one([
            '::',
            '::1',
            'fe80::',
            'FE80::1',
            '::ffff:1.2.3.4',
            '1:2:3:4:5:6:7:8',
            '0:0:1::',
            '1::2::3',
          ]);
    const near = Number(literal) < 256 ? d.roll(256) : d.roll(0x10000);
    const value = d.chance(80) ? near : d.one([d.roll(4), d.roll(0x1_0000_0000), 0, 1, 255, 256, 0xffff]);
    const edge = [
      '00',
      '0x',
      '010',
      '0X1f',
      '-1',
      '+1',
      '0x0f',
      '65535',
      '65536',
      '32768',
      '0xffffffffffffffff',
      '80',
      '"p1"',
    ];
    if (d.chance(2)) return d.one(edge);
    return d.chance(literal.startsWith('0x') ? 98 : 2) ? `0x${value.toString(16)}` : String(value);
  });
}

const someOf = (d: Dice, most: number): Set<number> => new Set(d.some(5, () => d.roll(most)));

const STATISTICS = [
  '',
  'cookie=0x0, duration=1.5s, table=3, n_packets=0, n_bytes=0, ',
  ' cookie=0x1b, duration=112.041s, table=0, n_packets=12, n_bytes=1180, idle_age=3, hard_age=7, ',
  'cookie=0xfedcba9876543210,table=1,',
  'table=2,',
];
const USUAL = [
  'in_port=1,dl_vlan=5,dl_dst=02:00:00:00:00:01 actions=pop_vlan,output:2',
  'tcp,nw_src=10.0.0.0/24,nw_dst=172.16.0.1,tp_dst=80 actions=output:3',
  'udp6,ipv6_src=2001:db8::1,ipv6_dst=fe80::/10,tp_src=53 actions=ct(commit,zone=5),resubmit(,4)',
  'reg0=0x5/0xffff,metadata=0x17,ip actions=set_field:0x12/0xff->reg1,load:0x7->NXM_NX_REG2[4..9],goto_table:9',
  'arp,arp_op=1,arp_tpa=10.0.0.1 actions=set_field:2->arp_op,set_field:02:00:00:00:00:15->eth_src,in_port',
  'in_port="p1",icmp,icmp_type=8 actions=output:"p2",group:7',
  'tun_id=0x2a,dl_src=02:00:00:00:00:09/ff:ff:ff:00:00:00 actions=mod_dl_dst:02:00:00:00:00:03,set_tunnel:0x17,1',
  'ip,reg6=0x3,nw_dst=10.1.2.3 actions=mod_nw_src:10.0.0.9,clone(output:3,output:4),set_queue:4,output:5',
  'ct_state=+trk+est,ct_zone=3,tcp,tp_dst=0x1f40/0xfff0 actions=note:01.02.03,conjunction(5,1/2)',
];

function flow(d: Dice): string {
  const body = d.chance(70) ? d.one(USUAL) : `${matchText(d)} actions=${actionsText(d)}`;
  const port = d.chance(20) ? `in_port=${portText(d)},` : '';
  return `${d.one(STATISTICS)}priority=${d.one([1, 100, 32768, 0, 65535])},${port}${body}`;
}

/** Some flows, each in many forms. */
function file(d: Dice): string {
  const lines: string[] = [];
  for (const one of [flow(d), flow(d), flow(d)]) {
    const which = someOf(d, 12);
    for (let i = 10 + d.roll(20); i > 0; i--) lines.push(varied(d, one, which));
  }
  if (d.chance(30)) lines.sort(() => d.roll(3) - 1);
  if (d.chance(10)) lines.splice(d.roll(lines.length), 0, '# a comment', '');
  return `${lines.join('\n')}\n`;
}

const SEED = Number(process.env['WBFC_SEED'] ?? Math.trunc(Math.random() * 0x7fffffff));
const FILES = Number(process.env['WBFC_FILES'] ?? 60);

test('random flows, careful ones and sloppy ones', { timeout: 300_000 }, () => {
  taken.quick = taken.all = 0;
  for (let i = 0; i < FILES; i++) {
    const text = file(new Dice(SEED + i * 7919));
    compare(text, `WBFC_SEED=${SEED + i * 7919} WBFC_FILES=1\n${text}`);
  }
  // The comparison means something.
  expect(taken.quick / taken.all).toBeGreaterThan(0.08);
});

const corpus = fileURLToPath(new URL('corpus/', import.meta.url));

describe('a collection of flows', () => {
  test.each(readdirSync(corpus))('%s', (name) => {
    const text = readFileSync(join(corpus, name), 'utf8');
    compare(text, name);
    // Every line several times, with other values.
    const d = new Dice(SEED);
    const more = text
      .split('\n')
      .flatMap((line) =>
        line.includes('actions=') ? [line, ...d.some(4, () => varied(d, line, someOf(d, 16)))] : [line],
      );
    compare(more.join('\n'), `WBFC_SEED=${SEED} ${name}`);
  });
});
