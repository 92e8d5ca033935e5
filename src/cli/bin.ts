/**
 * The file that `node` runs. It answers `--version` itself and loads the rest from a bundle whose compiled code
 * V8 kept from the build (`esbuild.config.mjs`), which spares most of the time that loading takes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { STDOUT, write } from './output.ts';
import { VERSION } from './version.ts';

/** The names of the bundles, put in by the build. */
declare const WBFC_CORE: string;
declare const WBFC_CHECK: string;

interface Bundle {
  main: (args: readonly string[]) => Promise<number>;
}

function readCache(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** A cache of another version of Node is rejected by V8, which then compiles the source. */
function load(name: string): Bundle {
  const filename = join(__dirname, `${name}.cjs`);
  // The bundle is ASCII.
  const source = readFileSync(filename, 'latin1');
  const cachedData = readCache(join(__dirname, `${name}.cache`));
  const script = new Script(source, cachedData === undefined ? { filename } : { filename, cachedData });
  const wrapper = script.runInThisContext() as (
    exports: object,
    require: NodeJS.Require,
    module: { exports: object },
    filename: string,
    dirname: string,
  ) => void;
  const module = { exports: {} };
  wrapper(module.exports, require, module, filename, __dirname);
  return module.exports as Bundle;
}

/** `check` with nothing but paths. */
function isPlainCheck([command, ...paths]: readonly string[]): boolean {
  return command === 'check' && paths.length > 0 && paths.every((p) => !p.startsWith('-') || p === '-');
}

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  write(STDOUT, `${VERSION}\n`);
} else {
  void load(isPlainCheck(args) ? WBFC_CHECK : WBFC_CORE)
    .main(args)
    .then((code) => {
      process.exitCode = code;
    });
}
