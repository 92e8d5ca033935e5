// What the writer of an import writes is compiled again: the same flows come out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PrintableFlow } from '../../src/import/print.ts';
import { printProgram } from '../../src/import/print.ts';
import { tablesOf, groupsOf, metersOf } from './references.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import type { Action, FlowMod } from '../../src/ir/types.ts';
import { encodeFlowMod } from '../../src/emit/wire/flow-mod.ts';
import { fullMask } from '../../src/check/domain.ts';
import { field } from '../../src/openflow/fields.ts';
import { compile } from '../../src/project/compile.ts';
import { flowMod } from '../emit/arbitrary.ts';

/** A mask of all bits says no more than none, and the language does not tell them apart. */
function plain(actions: readonly Action[]): Action[] {
  return actions.map((a): Action => {
    if (a.kind === 'clone') return { ...a, actions: plain(a.actions) };
    if (a.kind === 'ct') return { ...a, exec: plain(a.exec) };
    return a.kind === 'set_field' && a.mask === fullMask(field(a.field)) ? { ...a, mask: null } : a;
  });
}

function encoded(flow: FlowMod): string {
  const writer = new ByteWriter();
  const { apply, write } = flow.instructions;
  const instructions = { ...flow.instructions, apply: plain(apply), write: write === null ? null : plain(write) };
  const match = flow.match.map((t) => (t.mask === fullMask(field(t.field)) ? { ...t, mask: null } : t));
  encodeFlowMod({ ...flow, cookie: 0n, match, instructions }, writer, 0);
  return Buffer.from(writer.view()).toString('hex');
}

export function programOf(flow: FlowMod, more: Partial<PrintableFlow> = {}): string {
  const numbers = new Set([flow.table, ...tablesOf(flow)]);
  return printProgram({
    name: 'p',
    tables: [...numbers].map((number) => ({
      name: `t${number}`,
      number,
      flows: number === flow.table ? [{ ...flow, cookie: null, ...more }] : [],
    })),
    ...(process.env.NOEXT ? {} : {externalGroups: groupsOf(flow).map((id) => ({ name: `g${id}`, id })),
    externalMeters: metersOf(flow).map((id) => ({ name: `m${id}`, id })) }),
  });
}

test('a legal flow is printed as what compiles to it', () => {
  fc.assert(
    fc.property(flowMod, (flow) => {
      fc.pre(!tablesOf(flow).includes(254));
      fc.pre(!process.env.NOEXT || !JSON.stringify(flow, (_, v) => typeof v === 'bigint' ? String(v) : v).includes('tun_metadata'));
      const text = programOf(flow);
      const result = compile({ path: 'p.wbf', text });
      const errors = result.diagnostics.filter((d) => d.severity === 'error');
      expect(errors.map((d) => `${d.code} ${d.message} ${text.slice(d.place.start, d.place.end)}\n${text}`)).toEqual([]);
      const [compiled] = result.program!.flows;
      if (encoded(compiled!) !== encoded(flow)) expect({ text, bytes: encoded(compiled!) }).toEqual({ text, bytes: encoded(flow) });
    }),
    { numRuns: 2000 },
  );
});
