/** `load "hosts.csv"` */
import type { LoadExpr } from '../../grammar/ast.ts';
import { noLibrary } from '../diagnostics/codes/expand-modules.ts';
import type { Env } from './env.ts';
import type { Value } from './values.ts';

export function loadData({ path }: LoadExpr, env: Env): Value | null {
  if (path === null) return null;
  return env.report(noLibrary, { path: path.value }, path.span);
}
