// A push in a process of its own: the target is its argument, the result its output.
import { planOf, pushTo } from './plans.ts';

void pushTo(process.argv[2] ?? '', planOf([]), { timeoutMs: 2_000 }).then((result) =>
  process.stdout.write(
    JSON.stringify(result, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ),
);
