// The command line of `npm run conformance`.

export interface Options {
  readonly flows: number;
  readonly seed: number;
}

export const USAGE = 'usage: npm run conformance -- [--flows N] [--seed S]';

const DEFAULT_FLOWS = 5_000;

/** Null where the arguments mean nothing. */
export function parseArguments(args: readonly string[]): Options | null {
  let flows = DEFAULT_FLOWS;
  let seed = Math.trunc(Math.random() * 0x7fffffff);
  for (let i = 0; i < args.length; i++) {
    const [, name, joined] = /^--(flows|seed)(?:=(.*))?$/.exec(args[i] ?? '') ?? [];
    if (name === undefined) return null;
    const text = joined ?? args[++i] ?? '';
    const value = Number(text);
    if (text === '' || !Number.isSafeInteger(value)) return null;
    if (name === 'seed') seed = value;
    else if (value > 0) flows = value;
    else return null;
  }
  return { flows, seed };
}
