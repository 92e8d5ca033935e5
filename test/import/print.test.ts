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
import { definitionOf } from '../../src/cli/rules.ts';
import type { Compilation } from '../../src/project/compile.ts';
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
  const instructions = {
    ...flow.instructions,
    apply: plain(apply),
    write: write === null ? null : plain(write),
  };
  const match = flow.match.map((t) => {
    // As many bits as its option has.
    if (t.field === 'tun_metadata0') return { ...t, mask: t.mask ?? 0xffff_ffff_ffff_ffffn };
    return t.mask === fullMask(field(t.field)) ? { ...t, mask: null } : t;
  });
  encodeFlowMod({ ...flow, cookie: 0n, match, instructions }, writer, 0);
  return Buffer.from(writer.view()).toString('hex');
}

/** Learned flows of which the switch makes something else than was sent, and an empty TLV of NSH. */
const UNSAYABLE = new Set(['WBF4327', 'WBF4328', 'WBF4211']);

const OPTIONS = [{ class: 0xffff, type: 0, length: 8, index: 0 }];

export function programOf(flow: FlowMod, more: Partial<PrintableFlow> = {}): string {
  const numbers = new Set([flow.table, ...tablesOf(flow)]);
  return printProgram({
    name: 'p',
    tables: [...numbers].map((number) => ({
      name: `t${number}`,
      number,
      flows: number === flow.table ? [{ ...flow, cookie: null, ...more }] : [],
    })),
    externalGroups: groupsOf(flow).map((id) => ({ name: `g${id}`, id })),
    externalMeters: metersOf(flow).map((id) => ({ name: `m${id}`, id })),
    tlvs: OPTIONS,
  });
}

/** With what is stricter than the switch allowed, where the flow trips over it. */
function compiled(flow: FlowMod): { text: string; result: Compilation } {
  const allow = new Set<string>();
  for (;;) {
    const text = programOf(flow, { allow: [...allow] });
    const result = compile({ path: 'p.wbf', text });
    const more = result.diagnostics.filter(
      (d) => d.severity === 'error' && !allow.has(d.code) && definitionOf(d.code)?.allowable === true,
    );
    if (more.length === 0) return { text, result };
    for (const d of more) allow.add(d.code);
  }
}

test('a legal flow is printed as what compiles to it', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(flowMod, (flow) => {
      fc.pre(!tablesOf(flow).includes(254));
      const { text, result } = compiled(flow);
      fc.pre(!result.diagnostics.some((d) => UNSAYABLE.has(d.code)));
      const errors = result.diagnostics.filter((d) => d.severity === 'error');
      expect(
        errors.map((d) => `${d.code} ${d.message} ${text.slice(d.place.start, d.place.end)}\n${text}`),
      ).toEqual([]);
      const [again] = result.program!.flows;
      const bytes = encoded(again!);
      if (bytes !== encoded(flow)) expect({ text, bytes }).toEqual({ text, bytes: encoded(flow) });
    }),
    { numRuns: 2000 },
  );
});
