import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Action, FlowMod } from '../../src/ir/types.ts';
import { field, FIELDS, type Field } from '../../src/openflow/fields.ts';
import type { Lab } from '../lab/switch.ts';
import { flowText } from '../../src/emit/flows.ts';
import {
  ACCEPTED,
  answers,
  bytesOf,
  clear,
  described,
  dumped,
  instructionsOf,
  judge,
  numbered,
  ofctlMessages,
  startBench,
  unchecked,
  flowOf,
} from './judge.ts';
import { literal, ones, remedies, samples, terms, type Form } from './samples.ts';
let lab: Lab;
beforeAll(async () => {
  lab = await startBench();
});
afterAll(async () => {
  await lab.stop();
});
const WRITABLE = FIELDS.filter((f) => f.writable);
type WriteForm = Form | 'move' | 'part moved' | 'pop';
function register(bits: number): string | null {
  const name = bits <= 32 ? 'reg3' : bits <= 64 ? 'xreg3' : 'xxreg2';
  return bits > 128 ? null : `${name}[0..${bits - 1}]`;
}
function writes(f: Field): { form: WriteForm; text: string }[] {
  const found: { form: WriteForm; text: string }[] = [...samples(f)];
  if (f.bits > 1 && !found.some((s) => s.form === 'bit'))
    found.push({ form: 'bit', text: `${f.name}[1] = 1` });
  const r = register(f.bits);
  if (r !== null) found.push({ form: 'move', text: `${f.name} = ${r}` });
  found.push({ form: 'part moved', text: `${f.name}[0] = metadata[5]` });
  found.push({ form: 'pop', text: `pop ${f.name}` });
  return found;
}
const isCt = (f: Field) => f.name === 'ct_mark' || f.name === 'ct_label';
const statement = (f: Field, text: string) =>
  isCt(f) && !text.startsWith('pop') ? `ct(commit) { ${text} }` : text;
const before = (f: Field): string[] =>
  isCt(f) ? ['ip'] : f.name === 'vlan_vid' ? ['vlan_tci = 0x1000/0x1000', 'vlan_vid = 5'] : remedies(f);
test('x', async () => {
  const cases = WRITABLE.filter((f) => !f.name.startsWith('tun_metadata')).flatMap((f) =>
    writes(f).flatMap(({ form, text }) =>
      before(f).map((match) => ({ key: `${f.name} ${form}`, f, match, action: statement(f, text) })),
    ),
  );
  const judged = cases.map((c) => ({ ...c, ...judge({ match: c.match, action: c.action }) }));
  for (const j of judged)
    if (j.says !== ACCEPTED)
      console.log(
        'REFUSED',
        j.match,
        '=>',
        j.action,
        j.errors.map((e) => `${e.code} ${e.message} ${e.switchError}`),
      );
  const good = judged.filter((j): j is typeof j & { flow: FlowMod } => j.flow !== null);
  const msgs = numbered(good.map((j) => bytesOf(j.flow)));
  const said = await answers(lab, 'br0', msgs);
  const raw = await described(lab, 'br0', msgs.length);
  const lines = await dumped(lab, 'br0', msgs.length);
  await clear(lab, 'br0');
  const again = await ofctlMessages(
    lab,
    'br0',
    lines.map((l) => l ?? '# none'),
  );
  const text = await ofctlMessages(
    lab,
    'br0',
    good.map((j) => flowText(j.flow)),
  );
  good.forEach((j, i) => {
    const o = instructionsOf(msgs[i]!);
    const a = again[i]!,
      t = text[i]!;
    if (said[i] !== ACCEPTED) console.log('SWITCH', j.match, '=>', j.action, said[i]);
    else if (raw[i]?.instructions !== o) console.log('RAW', j.action, o, raw[i]?.instructions);
    else if (typeof a === 'string' || instructionsOf(a) !== o)
      console.log('DUMP', j.action, lines[i], o, typeof a === 'string' ? a : instructionsOf(a));
    if (typeof t === 'string' || !t.equals(bytesOf(j.flow)))
      console.log('TEXT', j.action, flowText(j.flow), o, typeof t === 'string' ? t : instructionsOf(t));
  });
  // bare
  const bare = (f: Field) =>
    f.prerequisite === 'Ethernet' && f.name !== 'vlan_vid' ? 'packet_type = ipv4' : '';
  const rows = good
    .filter((j) => (j.f.prerequisite !== 'none' || isCt(j.f)) && j.match === before(j.f)[0])
    .map((j) => ({ ...j, match: bare(j.f) }));
  const s2 = await answers(
    lab,
    'br0',
    rows.map((r) =>
      bytesOf({ ...unchecked(flowOf({ match: r.match }).match), instructions: r.flow.instructions }),
    ),
  );
  rows.forEach((r, i) => {
    const v = judge({ match: r.match, action: r.action });
    if (v.says !== s2[i])
      console.log(
        'BARE',
        r.match,
        '=>',
        r.action,
        v.says,
        v.errors.map((e) => e.message),
        s2[i],
      );
  });
  // read-only
  for (const f of FIELDS.filter((x) => !x.writable)) {
    const r = register(f.bits)!;
    const set: Action = { kind: 'set_field', field: f.name, value: 1n, mask: null };
    const m = remedies(f)[0]!;
    const v = [
      judge({ match: m, action: `${f.name} = ${literal(f, 1n)}` }),
      judge({ match: m, action: `${f.name} = ${r}` }),
      judge({ match: m, action: `pop ${f.name}` }),
    ];
    let sw: string[] = ['-'];
    if (f.headers.length > 0) {
      const reg = {
        field: f.bits <= 32 ? 'reg3' : f.bits <= 64 ? 'xreg3' : 'xxreg2',
        offset: 0,
        bits: f.bits,
      } as const;
      const dst = { field: f.name, offset: 0, bits: f.bits };
      const mm = (() => {
        try {
          return flowOf({ match: m }).match;
        } catch {
          return [];
        }
      })();
      sw = await answers(
        lab,
        'br0',
        [
          [set],
          [{ kind: 'move', source: reg, destination: dst } as Action],
          [{ kind: 'pop', destination: dst } as Action],
        ].map((apply) => bytesOf(unchecked(mm, { apply }))),
      );
    }
    if (v.some((x, i) => x.says !== sw[i]))
      console.log(
        'RO',
        m,
        f.name,
        v.map((x) => x.says + x.errors.map((e) => e.code).join()),
        sw,
      );
  }
  console.log(cases.length, good.length, rows.length, field('reg0').bits, ones(1));
  expect(1).toBe(1);
});
