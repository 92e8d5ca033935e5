/** Calls of the installed ovs-ofctl, as batches where it takes them. It needs no switch for these commands. */
import { spawnSync } from 'node:child_process';

export interface Answer {
  readonly ok: boolean;
  readonly out: string;
  readonly err: string;
}

export function ofctl(args: readonly string[], input = ''): Answer {
  const run = spawnSync('ovs-ofctl', ['--timeout=10', ...args], { input, encoding: 'utf8', timeout: 15_000 });
  if (run.error !== undefined) throw run.error;
  return { ok: run.status === 0, out: run.stdout, err: run.stderr };
}

/** Decodes and encodes matches written as `HEADER(hex), …`: one answer a line, the match as OpenFlow 1.5 has it or an error. */
export function parseOxm(lines: readonly string[]): string[] {
  const run = ofctl(['--strict', 'parse-oxm', 'OpenFlow15'], lines.map((l) => `${l}\n`).join(''));
  if (!run.ok) throw new Error(run.err);
  return run.out
    .trimEnd()
    .split('\n')
    .map((l) => l.replace(/^nx_pull_match\(\) returned error /, ''));
}

/** Parses flows without sending them: what ovs-ofctl made of each, in its own spelling. */
export function parseFlows(flows: readonly string[], version = 'OpenFlow15'): string[] {
  const run = ofctl(['-O', version, 'parse-flows', '-'], flows.map((f) => `${f}\n`).join(''));
  if (!run.ok) throw new Error(run.err);
  return run.out
    .trimEnd()
    .split('\n')
    .filter((l) => l.includes('ADD '))
    .map((l) => l.replace(/^.*ADD /, '').trim());
}

/** Why ovs-ofctl refuses a flow; undefined when it takes it. */
export function refusal(flow: string, version = 'OpenFlow15'): string | undefined {
  const run = ofctl(['-O', version, 'parse-flows', '-'], `${flow}\n`);
  return run.ok ? undefined : run.err.trim().replace(/^ovs-ofctl: (-:\d+: )?/, '');
}
