/** The `program` block: who we are on a shared switch. */
import type { Expr, ProgramDecl } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import { programCookies, programIdFromName } from '../ir/identity.ts';
import type { CookieSpace, IdRange } from '../ir/types.ts';
import type { EvalContext } from './constants.ts';
import { FlowSink, readAllowance, reportUnneeded } from './allow.ts';
import { GROUP_IDS, joined, METER_IDS } from './identified.ts';
import type { IdKind } from './identified.ts';
import { evaluateInt } from './numbers.ts';
import { elements, readProperties } from './properties.ts';
import { label, replaceFix, report } from './report.ts';
import { hex } from './show.ts';
import type { Scope } from './types.ts';

const PROPERTIES = ['id', 'cookies', 'groups', 'meters', 'max_expansion', 'allow'] as const;

/** So many flows may come from one of the source, unless the program says otherwise. */
export const DEFAULT_EXPANSION = 4096;
/** More flows than any switch holds. */
const MAX_EXPANSION = 10_000_000n;
const MAX_ID = 0xffffen;
const MAX_COOKIE = (1n << 64n) - 1n;

/** The cookies of a program that declares nothing: its id comes from its name. */
export function cookiesOfName(name: string): CookieSpace {
  return programCookies(programIdFromName(name));
}

type ProgramContext = EvalContext & { readonly scope: Scope };

/** What the block says is ours. */
export interface Ownership {
  readonly cookies: CookieSpace;
  /** Ids of groups, in order; null where nothing is said. */
  readonly groups: readonly IdRange[] | null;
  readonly meters: readonly IdRange[] | null;
  /** Cookies outside of it are meant, wherever a flow states one. */
  readonly foreignCookies: boolean;
  /** So many flows may come from one of the source. */
  readonly maxExpansion: number;
}

export function checkProgram(ctx: ProgramContext, decl: ProgramDecl): Ownership {
  const p = readProperties(ctx, decl.body?.statements ?? [], 'a program', PROPERTIES);
  const id = p.get('id');
  const cookies = p.get('cookies');
  if (id !== undefined && cookies !== undefined) {
    report(ctx, codes.twoIdentities, {}, cookies.target.span, {
      related: [label({ file: ctx.file, span: id.target.span }, 'the id is given here')],
    });
  }
  const number =
    id === undefined
      ? null
      : evaluateInt(ctx, id.value, { what: 'the id of a program', min: 1n, max: MAX_ID });
  const space = cookies === undefined ? null : readCookies(ctx, cookies.value);
  return {
    cookies: space ?? (number === null ? cookiesOfName(decl.name.text) : programCookies(Number(number))),
    groups: ranges(ctx, GROUP_IDS, p.get('groups')?.value),
    meters: ranges(ctx, METER_IDS, p.get('meters')?.value),
    foreignCookies: allowsForeignCookies(ctx, decl),
    maxExpansion: maxExpansion(ctx, p.get('max_expansion')?.value),
  };
}

function maxExpansion(ctx: ProgramContext, value: Expr | undefined): number {
  if (value === undefined) return DEFAULT_EXPANSION;
  const limits = { what: '`max_expansion`', min: 1n, max: MAX_EXPANSION };
  return Number(evaluateInt(ctx, value, limits) ?? DEFAULT_EXPANSION);
}

/** `allow = WBF5108`: nothing else is about the program as a whole. */
function allowsForeignCookies(ctx: ProgramContext, decl: ProgramDecl): boolean {
  const allowance = readAllowance(ctx, { attributes: decl.body?.statements ?? [] });
  const sink = new FlowSink(ctx.sink, allowance.codes);
  const allowed = sink.allows(codes.foreignCookie.code);
  reportUnneeded(ctx, allowance, sink);
  return allowed;
}

function readCookies(ctx: EvalContext, value: Expr): CookieSpace | null {
  const bad = (allowed: string, at: Expr): null => {
    report(ctx, codes.badPropertyValue, { name: 'cookies', allowed }, at.span);
    return null;
  };
  if (value.kind === 'missing') return null;
  if (value.kind !== 'masked') return bad('a value and a mask: `0x1030000000000/0xffff000000000000`', value);
  const v = evaluateInt(ctx, value.value, { what: 'a cookie', min: 0n, max: MAX_COOKIE });
  const m = evaluateInt(ctx, value.mask, { what: 'a mask of cookies', min: 0n, max: MAX_COOKIE });
  if (v === null || m === null) return null;
  if (m === 0n) return bad('a space of its own, and a mask of 0 is everybody’s flows', value.mask);
  if (m === MAX_COOKIE)
    return bad('a space for many flows, and this mask leaves a single cookie', value.mask);
  if ((v & ~m) !== 0n) {
    const text = `${hex(v & m)}/${hex(m)}`;
    report(ctx, codes.cookieBits, { space: text }, value.span, {
      fixes: [replaceFix(ctx, `Write \`${text}\``, value.span, text)],
    });
  }
  return { value: v & m, mask: m };
}

/** `4096-8191`, `7`, or a list of both. */
function ranges(
  ctx: EvalContext,
  { property: name, min, max }: IdKind,
  value: Expr | undefined,
): readonly IdRange[] | null {
  if (value === undefined) return null;
  const found: IdRange[] = [];
  const limits = { what: `an id in \`${name}\``, min: BigInt(min), max: BigInt(max) };
  for (const e of elements(value)) {
    const from = evaluateInt(ctx, e.kind === 'range' ? e.from : e, limits);
    const to = e.kind === 'range' ? evaluateInt(ctx, e.to, limits) : from;
    if (from === null || to === null) continue;
    if (from <= to) {
      found.push({ first: Number(from), last: Number(to) });
      continue;
    }
    const text = `${to}-${from}`;
    const allowed = 'a range from the lower to the higher number';
    report(ctx, codes.badPropertyValue, { name, allowed }, e.span, {
      fixes: [replaceFix(ctx, `Write \`${text}\``, e.span, text)],
    });
  }
  return joined(found);
}
