// What an editor may ask, without the protocol. `|` marks the cursor.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixesAt, hover, messageOf, readDocument, symbols } from '../../src/service/index.ts';
import { FIELDS } from '../../src/openflow/fields.ts';
import { describeField } from '../../src/service/describe.ts';
import { BAD, GOOD } from '../cli/programs.ts';

const PROGRAM = `/// Who we are.
program demo { id = 1 }
/// The address that answers.
const self_ip = 10.0.0.1 // ours
port uplink = 1
register zone = reg3[0..15]
bridge br0 { port if0 = 2 }
/// All comes in here.
table ingress = 0 {
  miss = drop
  flow web {
    priority = 10
    match { tcp; ct_state = +trk-new; ip_dst = self_ip; tcp_dst = https; in_port = uplink; zone = 5 }
    action { dec_ttl; zone = 6; ip_src = ip_dst; output in_port; goto acl }
  }
  flow { match { arp; arp_op = request; nw_src = 10.0.0.2 }; action { output uplink; output local } }
}
table acl = 1 { miss = drop; flow { match { tcp } action { meter uplink; group acl; controller(id = 1, meter_id = uplink) } } }
/// Two ways out.
group acl = 5 { type = all
  bucket { action { output uplink; ip_src = self_ip } }
  bucket { action { group spare } } }
group spare = 7
meter uplink = 3 { unit = kbps; band drop { rate = 100 } }
tunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 4} }
`;

/** Hover where the first occurrence of `context` has its `|`. */
function at(context: string, program = PROGRAM): { text: string; word: string } | null {
  const offset = program.indexOf(context.replace('|', '')) + context.indexOf('|');
  const found = hover(readDocument('demo.wbf', program), offset);
  return found === null ? null : { text: found.text, word: program.slice(found.span.start, found.span.end) };
}

describe('hover', () => {
  test('a field: width, prerequisites, masks, access, versions, other names', () => {
    const { text, word } = at('tcp_|dst')!;
    expect(word).toBe('tcp_dst');
    expect(text).toContain('**tcp_dst** — field, 16 bits');
    expect(text).toMatch(/- needs: .*ip_proto = 6.* — write `tcp` or `tcp6`/);
    expect(text).toMatch(/- masks: any \(OpenFlow/);
    expect(text).toContain('- access: match and write');
    expect(text).toContain('- in: OpenFlow 1.0–1.5');
    expect(text).toMatch(/- also called: .*`OXM_OF_TCP_DST`/);
    expect(text).toMatch(/- values: .*`https`/);
  });

  test.each([
    ['match { tc|p', 'tcp', '**tcp** — protocol; says the same as'],
    ['= htt|ps', 'https', '**https** — value of `tcp_dst`: 443'],
    ['= reques|t', 'request', '**request** — value of `arp_op`: 1'],
    ['+tr|k', 'trk', '**trk** — flag of `ct_state`: 0x20'],
    ['= self_|ip', 'self_ip', '```wbf\nconst self_ip = 10.0.0.1\n```\n\nThe address that answers.'],
    ['const se|lf', 'self_ip', '```wbf\nconst self_ip = 10.0.0.1'],
    ['in_port = up|link', 'uplink', '```wbf\nport uplink = 1\n```'],
    ['; |zone = 5', 'zone', '```wbf\nregister zone = reg3[0..15]\n```'],
    ['goto ac|l', 'acl', '```wbf\ntable acl = 1\n```'],
    ['|goto', 'goto', '**goto_table** — instruction'],
    ['|dec_ttl', 'dec_ttl', '**dec_ttl** — action'],
    ['= ip_d|st;', 'ip_dst', '**ip_dst** — field, 32 bits'],
    ['output in_|port', 'in_port', '**in_port** — reserved port 0xfffffff8'],
    ['output lo|cal', 'local', '**local** — reserved port'],
    ['output upl|ink', 'uplink', '```wbf\nport uplink = 1\n```'],
    ['|nw_src', 'nw_src', '- `arp_spa` where'],
    ['table ingr|ess', 'ingress', '```wbf\ntable ingress = 0\n```\n\nAll comes in here.'],
    ['port if|0', 'if0', '```wbf\nport if0 = 2\n```'],
    ['action { meter up|link', 'uplink', '```wbf\nmeter uplink = 3\n```'],
    ['meter_id = up|link', 'uplink', '```wbf\nmeter uplink = 3\n```'],
    ['group ac|l; c', 'acl', '```wbf\ngroup acl = 5\n```\n\nTwo ways out.'],
    ['group ac|l = 5', 'acl', '```wbf\ngroup acl = 5\n```'],
    ['meter up|link = 3', 'uplink', '```wbf\nmeter uplink = 3\n```'],
    ['group spa|re }', 'spare', '```wbf\ngroup spare = 7\n```'],
    ['output up|link; ip_src', 'uplink', '```wbf\nport uplink = 1\n```'],
    ['ip_src = self|_ip', 'self_ip', '```wbf\nconst self_ip'],
    ['tun_meta|data0', 'tun_metadata0', '**tun_metadata0** — field'],
    ['|meter uplink; group', 'meter', '**meter** — instruction'],
    ['program de|mo', 'demo', '```wbf\nprogram demo\n```\n\nWho we are.'],
  ])('%s', (context, word, text) => {
    const found = at(context);
    expect(found?.word).toBe(word);
    expect(found?.text).toContain(text);
  });

  test('nothing where nothing is known', () => {
    for (const context of ['ma|tch {', '|{ tcp', 'id = |1', '// ou|rs', 'Who |we are'])
      expect(at(context), context).toBeNull();
  });

  test('every field has a description', () => {
    for (const f of FIELDS) {
      const text = describeField(f);
      expect(text, f.name).not.toMatch(/undefined|NaN/);
    }
  });
});

test('fixes of the diagnostics under a range', () => {
  const document = readDocument('bad.wbf', BAD);
  const start = BAD.indexOf('icmp_type');
  const [fix] = fixesAt(document, { start, end: start });
  expect(fix).toMatchObject({ preferred: true, diagnostic: { code: 'WBF3001' } });
  expect(fix?.title).toContain('`icmp`');
  const text = [...fix!.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((t, e) => t.slice(0, e.start) + e.newText + t.slice(e.end), BAD);
  expect(readDocument('bad.wbf', text).analysis.diagnostics).toEqual([]);
  expect(fixesAt(document, { start: 0, end: 5 })).toEqual([]);
  expect(fixesAt(readDocument('good.wbf', GOOD), { start: 0, end: GOOD.length })).toEqual([]);
});

test('a message says what the switch answers', () => {
  const [d] = readDocument('bad.wbf', BAD).analysis.diagnostics;
  expect(messageOf(d!)).toContain('\nthe switch answers OFPBMC_BAD_PREREQ');
});

test('hover: templates, their parameters, and what loops bind', () => {
  const text = `template vm(ip: ipv4, out: int = 2) {
  const inner = 3
  flow { match { ip; ip_dst = ip; reg0 = inner } action { output out } }
}
table t = 0 {
  miss = drop
  for {name, vid} in hosts { flow "f_\${name}" { match { vlan_vid = vid } action { drop } } }
  use vm(10.0.0.1)
}
`;
  const line = (context: string): string | undefined => at(context, text)?.text.split('\n')[1];
  expect(line('use |vm')).toBe('template vm(ip: ipv4, out: int = 2)');
  expect(line('ip_dst = |ip')).toBe('template vm(ip: ipv4, out: int = 2)');
  expect(line('output |out')).toBe('template vm(ip: ipv4, out: int = 2)');
  expect(line('reg0 = |inner')).toBe('const inner = 3');
  expect(line('vlan_vid = |vid')).toBe('for {name, vid} in hosts');
  expect(line('f_${|name')).toBe('for {name, vid} in hosts');
  // The protocol.
  expect(at('match { |ip;', text)!.text).toContain('eth_type');
});

test('the outline', () => {
  const outline = symbols(readDocument('demo.wbf', PROGRAM));
  expect(outline.map((s) => [s.kind, s.name, s.detail])).toEqual([
    ['program', 'demo', 'program'],
    ['const', 'self_ip', '10.0.0.1'],
    ['port', 'uplink', '1'],
    ['register', 'zone', 'reg3[0..15]'],
    ['bridge', 'br0', 'bridge'],
    ['table', 'ingress', '0'],
    ['table', 'acl', '1'],
    ['group', 'acl', '5'],
    ['group', 'spare', '7'],
    ['meter', 'uplink', '3'],
    ['tunnel_metadata', 'tunnel_metadata', ''],
  ]);
  expect(outline[4]!.children.map((s) => s.name)).toEqual(['if0']);
  const [web, unnamed] = outline[5]!.children;
  expect(web).toMatchObject({ kind: 'flow', name: 'web' });
  expect(web!.detail).toMatch(/^tcp; ct_state = \+trk-new; .*…$/);
  expect(unnamed!.name).toBe('arp; arp_op = request; nw_src = 10.0.0.2');
  expect(PROGRAM.slice(unnamed!.selection.start, unnamed!.selection.end)).toBe('flow');
});

test('the outline shows what happens at compile time', () => {
  const text = `import "std/arp"
import "lib/acl.wbf" as acl
template web(ip: ipv4, port: int = 80) {
  flow "web_\${ip}" { match { tcp; ip_dst = ip; tcp_dst = port } action { drop } }
}
table t = 0 {
  miss = drop
  for h, i in hosts { use web(h.ip) }
  flow { match { arp } action { drop } }
  if debug == 1 { flow log { match { udp } action { drop } } } else if debug == 2 { use acl.deny() }
}
extend table acl.policy { flow y { match { ip } action { drop } } }
`;
  interface Tree {
    readonly [name: string]: Tree;
  }
  const tree = (list: ReturnType<typeof symbols>): Tree =>
    Object.fromEntries(list.map((s) => [`${s.kind} ${s.name} | ${s.detail}`, tree(s.children)]));
  expect(tree(symbols(readDocument('demo.wbf', text)))).toEqual({
    'import std/arp | import': {},
    'import lib/acl.wbf | import as acl': {},
    'template web | (ip: ipv4, port: int = 80)': {
      'flow "web_${ip}" | tcp; ip_dst = ip; tcp_dst = port': {},
    },
    'table t | 0': {
      'for for h, i in hosts | ': { 'use web(h.ip) | use': {} },
      'flow arp | ': {},
      'if if debug == 1 | ': {
        'flow log | udp': {},
        'if if debug == 2 | ': { 'use acl.deny() | use': {} },
      },
    },
    'extend acl.policy | extend': { 'flow y | ip': {} },
  });
});

test('half-typed text: every question has an answer, spans lie in the text and in each other', () => {
  const check = (text: string): void => {
    const document = readDocument('x.wbf', text);
    const inside = (list: ReturnType<typeof symbols>, start: number, end: number): void => {
      for (const s of list) {
        expect(s.name).not.toBe('');
        expect(start <= s.span.start && s.span.end <= end && s.span.start <= s.span.end).toBe(true);
        expect(s.span.start <= s.selection.start && s.selection.end <= s.span.end).toBe(true);
        inside(s.children, s.span.start, s.span.end);
      }
    };
    inside(symbols(document), 0, text.length);
    fixesAt(document, { start: 0, end: text.length });
    for (let offset = 0; offset <= text.length; offset += 5) hover(document, offset);
  };
  for (let end = 0; end < PROGRAM.length; end += 11) check(PROGRAM.slice(0, end));
  const cut = fc.tuple(
    fc.nat(PROGRAM.length),
    fc.nat(PROGRAM.length),
    fc.constantFrom('', '{', '}', '"', '= ', '\n', '(', ';'),
  );
  fc.assert(
    fc.property(cut, ([a, b, put]) => {
      check(PROGRAM.slice(0, Math.min(a, b)) + put + PROGRAM.slice(Math.max(a, b)));
    }),
    { numRuns: 150 },
  );
});
