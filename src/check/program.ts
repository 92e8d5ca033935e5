/** The `program` block: who we are on a shared switch. */
import type { Expr, ProgramDecl } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import { programCookies, programIdFromName } from '../ir/identity.ts';
import type { CookieSpace } from '../ir/types.ts';
import type { EvalContext } from './constants.ts';
import { evaluateInt } from './numbers.ts';
import { elements, readProperties } from './properties.ts';
import { label, replaceFix, report } from './report.ts';
import { hex } from './show.ts';

const PROPERTIES = ['id', 'cookies', 'groups', 'meters'] as const;
const MAX_ID = 0xffffen;
const MAX_COOKIE = (1n << 64n) - 1n;
/** OFPG_MAX and OFPM_MAX (OpenFlow 1.5.1 §7.3.4.3, §7.3.4.4): 0xffff0000 is the largest meter OVS takes. */
const MAX_GROUP = 0xffffff00n;
const MAX_METER = 0xffff0000n;

/** The cookies of a program that declares nothing: its id comes from its name. */
export function cookiesOfName(name: string): CookieSpace {
  return programCookies(programIdFromName(name));
}

/** Checks the block; the result is the cookie space. */
export function checkProgram(ctx: EvalContext, decl: ProgramDecl): CookieSpace {
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
  numbers(ctx, 'groups', MAX_GROUP, p.get('groups')?.value);
  numbers(ctx, 'meters', MAX_METER, p.get('meters')?.value);
  return space ?? (number === null ? cookiesOfName(decl.name.text) : programCookies(Number(number)));
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
function numbers(ctx: EvalContext, name: string, max: bigint, value: Expr | undefined): void {
  for (const e of value === undefined ? [] : elements(value)) {
    const limits = { what: `a number in \`${name}\``, min: 1n, max };
    if (e.kind !== 'range') {
      evaluateInt(ctx, e, limits);
      continue;
    }
    const from = evaluateInt(ctx, e.from, limits);
    const to = evaluateInt(ctx, e.to, limits);
    if (from === null || to === null || from <= to) continue;
    const text = `${to}-${from}`;
    const allowed = 'a range from the lower to the higher number';
    report(ctx, codes.badPropertyValue, { name, allowed }, e.span, {
      fixes: [replaceFix(ctx, `Write \`${text}\``, e.span, text)],
    });
  }
}
