/** The forms of a result, each loaded when it is asked for. */
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { TextLoss } from '../emit/text/limits.ts';
import type { Origin, ProgramIr } from '../ir/types.ts';
import { isWireVersion } from '../openflow/oxm.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { linesOf } from '../report/lines.ts';
import type { ReportFile } from '../report/types.ts';
import { UsageError } from './exit.ts';
import type { Chunk } from './files.ts';
import type { Form } from './forms.ts';
import { VERSION } from './version.ts';

export interface EmitOptions {
  /** False with `--no-replace`: earlier flows of the program stay. */
  readonly replace: boolean;
  /** Names of tables and ports instead of numbers. */
  readonly names?: boolean;
  /** Scripts may replace flows in several steps, where a version of OpenFlow knows no other way. */
  readonly nonAtomic?: boolean;
}

/** Throws `UsageError` where the form cannot be had in that version. `whose` says where the version comes from. */
export function checkForm(form: Form, version: OpenFlowVersion, nonAtomic: boolean, whose: string): void {
  if (isWireVersion(version)) return;
  if (form === 'bundle') {
    throw new UsageError(`${whose}: OpenFlow ${version} has no bundles; 1.3, 1.4 and 1.5 have`);
  }
  if (form === 'script' && !nonAtomic) {
    throw new UsageError(
      `${whose}: OpenFlow ${version} has no bundles, so a script cannot replace the flows in one step. With --non-atomic it deletes the old ones and adds the new ones: meanwhile packets meet a part of the program`,
    );
  }
}

export interface Emitted {
  readonly result: Chunk | readonly Chunk[];
  /** Flows that the form has no way to say; then the result is not to be used. */
  readonly errors: readonly Diagnostic[];
}

export type Emit = (program: ProgramIr, files: readonly ReportFile[]) => Emitted;

export async function emitter(form: Form, options: EmitOptions): Promise<Emit> {
  const names = options.names ?? false;
  if (options.nonAtomic === true && form !== 'script') throw new UsageError('--non-atomic is for scripts');
  switch (form) {
    case 'flows': {
      const { emitFlows } = await import('../emit/flows.ts');
      const losses = await textErrors();
      return (program) => attempt(() => emitFlows(program, { names }), program, losses);
    }
    case 'script': {
      if (!options.replace) throw new UsageError('--no-replace is for bundles: a script always replaces');
      const { emitScript } = await import('../emit/script.ts');
      const losses = await textErrors();
      const generator = `wbfc ${VERSION}`;
      const { nonAtomic = false } = options;
      return (program) =>
        attempt(() => emitScript(program, { names, generator, nonAtomic }), program, losses);
    }
    case 'bundle': {
      const { emitBundleParts } = await import('../emit/bundle.ts');
      const lengths = await lengthErrors();
      return (program) =>
        attempt(() => emitBundleParts(program, { replace: options.replace }), program, lengths);
    }
    case 'json': {
      const { emitJson } = await import('../emit/json.ts');
      return (program, files) => {
        const place = (file: number, offset: number): { line: number; column: number } => {
          const at = files[file];
          return at === undefined ? { line: 1, column: 1 } : linesOf(at).position(offset);
        };
        return { result: emitJson(program, { place }), errors: [] };
      };
    }
  }
}

/** What of a program the form has no way to say. */
type Losses = (program: ProgramIr) => readonly Diagnostic[];

/** Emits; where that fails, says of everything why it cannot be said. */
function attempt(emit: () => Emitted['result'], program: ProgramIr, lossesOf: Losses): Emitted {
  try {
    return { result: emit(), errors: [] };
  } catch (error) {
    const errors = lossesOf(program);
    if (errors.length === 0) throw error;
    return { result: '', errors };
  }
}

async function textErrors(): Promise<Losses> {
  const { groupLosses, textLosses } = await import('../emit/text/limits.ts');
  const { noText } = await import('./build-codes.ts');
  return ({ version, flows, groups }) => {
    const help = isWireVersion(version)
      ? 'use `wbfc push`, or `wbfc build --emit bundle`'
      : 'compile it for a newer version of OpenFlow';
    const complain = (
      what: 'flow' | 'group',
      losses: readonly TextLoss[],
      origin: Origin,
    ): readonly Diagnostic[] => {
      if (losses.length === 0) return [];
      const notes = losses.map(({ what: part, outcome, reason }) =>
        outcome === 'refused'
          ? `ovs-ofctl refuses the text for \`${part}\`: ${reason}`
          : `ovs-ofctl would send something else for \`${part}\`: ${reason}`,
      );
      return [make(noText, { what }, origin, { notes, help })];
    };
    return [
      ...groups.flatMap((group) => complain('group', groupLosses(group, version), group.origin)),
      ...[...flows].flatMap((flow) => complain('flow', textLosses(flow, version), flow.origin)),
    ];
  };
}

async function lengthErrors(): Promise<Losses> {
  const { encodedLength, maxFlowModBytes } = await import('../emit/wire/flow-mod.ts');
  const { flowTooLarge } = await import('../diagnostics/codes/program.ts');
  return ({ version, flows }) => {
    if (!isWireVersion(version)) return [];
    return [...flows].flatMap((flow) => {
      const bytes = encodedLength(flow, version);
      return bytes <= maxFlowModBytes(version) ? [] : [make(flowTooLarge, { bytes }, flow.origin)];
    });
  };
}
