/** The forms of a result, each loaded when it is asked for. */
import type { ProgramIr } from '../ir/types.ts';
import type { Chunk } from './files.ts';
import type { Form } from './forms.ts';

export interface EmitOptions {
  /** False with `--no-replace`: earlier flows of the program stay. */
  readonly replace: boolean;
  /** Names of tables and ports instead of numbers. */
  readonly names?: boolean;
}

export type Emit = (program: ProgramIr) => Iterable<Chunk>;

export function emitter(form: Form, _options: EmitOptions): Promise<Emit> {
  return Promise.resolve((program) => [`# ${form} of ${program.name}, ${program.flows.length} flows\n`]);
}
