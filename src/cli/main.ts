/** The command line: which command, with which arguments, and how a failure ends. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../openflow/versions.ts';
import { FORMATS } from '../report/formats.ts';
import type { BuildOptions } from './build.ts';
import { FORMS } from './forms.ts';
import type { CheckOptions } from './check.ts';
import type { FmtOptions } from './fmt.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { exitCodeOf, guard } from './failure.ts';
import * as help from './help.ts';
import { STDERR, STDOUT, write } from './output.ts';
import type { ImportCommandOptions } from './import.ts';
import type { PushCommandOptions } from './push.ts';
import { VERSION } from './version.ts';

/** Runs a command and returns its exit code; every failure becomes one. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const set = (next: ExitCode): void => {
    code = next;
  };
  try {
    const [first] = args;
    if (first?.endsWith('.wbf') === true) {
      throw new UsageError(
        `'${first}' is no command; did you mean \`wbfc build ${first}\`, or \`wbfc check\`?`,
      );
    }
    await commands(set).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return exitCodeOf(error);
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0 || value > 86_400) {
    throw new InvalidArgumentError('This is a number of seconds above 0.');
  }
  return value;
}

/** `1.3`, `13` and `OpenFlow13`. */
function openFlowVersion(text: string): OpenFlowVersion {
  const digit = /^(?:OpenFlow)?1\.?([0-5])$/i.exec(text)?.[1];
  const found = OPENFLOW_VERSIONS.find((version) => version === `1.${digit ?? ''}`);
  if (found === undefined) throw new InvalidArgumentError('Versions are 1.0 to 1.5.');
  return found;
}

/** The same on every terminal and in a pipe; the texts below the options have it too. */
const HELP_WIDTH = 100;

const format = (what: string): Option =>
  new Option('--format <format>', what).choices(FORMATS).default('pretty');

const OF = new Option(
  '--of <version>',
  "version of OpenFlow, such as 1.3 (default: the newest in the bridge's `protocols`, else 1.5)",
).argParser(openFlowVersion);

const ROOT = new Option(
  '--root <dir>',
  'what imported and loaded files never leave (default: the repository of the program, else its directory)',
);

/** `--color` and `--no-color`; without either it is decided by the terminal and the environment. */
const COLOR = new Option('--color', 'use colours (default: on a terminal, unless NO_COLOR is set)');
const NO_COLOR = new Option('--no-color', 'use none');

function commands(set: (code: ExitCode) => void): Command {
  const program = new Command('wbfc')
    .description('Compiles white-box flow programs (.wbf) to OpenFlow for Open vSwitch.')
    .usage('COMMAND [ARGUMENT…]')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand(false)
    .addHelpText('after', help.PROGRAM)
    .showHelpAfterError('(`wbfc --help` says more)')
    .configureOutput({
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      writeOut: (text) => {
        write(STDOUT, text);
      },
      writeErr: (text) => {
        write(STDERR, text);
      },
      outputError: (text, print) => {
        print(text.replace(/^error: /, 'wbfc: '));
      },
    })
    .exitOverride();

  // `copyInheritedSettings` of `command()` hands exitOverride and the output on to each.
  const command = (name: string, summary: string, after: string): Command =>
    program
      .command(name)
      .description(summary)
      .addHelpText('after', after)
      .showHelpAfterError(`(\`wbfc ${name} --help\` says more)`);

  command('build', 'Compile programs and write what a switch is given.', help.BUILD)
    .argument('<file...>', 'programs; - is standard input')
    .addOption(
      new Option(
        '--emit <form>',
        'what to write: an ovs-ofctl flow file, a script, OpenFlow messages, or JSON',
      )
        .choices(FORMS)
        .default('script'),
    )
    .addOption(OF)
    .addOption(ROOT)
    .option('-o, --output <file>', 'where to; - is standard output (default: beside the program)')
    .option('--ports <file>', "numbers of the switch's ports, for those that are declared by name")
    .option('--no-replace', "leave the program's flows from an earlier build on the switch")
    .option('--non-atomic', 'a script that replaces flows step by step, for OpenFlow below 1.3')
    .option('--names', 'write names of tables and ports instead of numbers')
    .option('--locked', 'fail where wbf.lock would have to change')
    .option('--stats', 'say which tables, registers and conjunctions there are, and how many flows')
    .addOption(format('format of the diagnostics on standard error'))
    .addOption(COLOR)
    .addOption(NO_COLOR)
    .action(async (files: string[], options: BuildOptions) => {
      set(await (await import('./build.ts')).build(files, options));
    });

  command('check', 'Check programs and report what is wrong with them.', help.CHECK)
    .argument('<path...>', 'programs, or directories to search for *.wbf; - is standard input')
    .addOption(OF)
    .addOption(ROOT)
    .addOption(format('format of the report on standard output'))
    .addOption(COLOR)
    .addOption(NO_COLOR)
    .action(async (paths: string[], options: CheckOptions) => {
      set(await (await import('./check.ts')).check(paths, options));
    });

  command('fmt', 'Format programs, or check that they are formatted.', help.FMT)
    .argument('<path...>', 'programs, or directories to search for *.wbf; - is standard input')
    .option('--check', 'change nothing, list the files that would change, and fail if there are any')
    .addOption(format('format of the diagnostics on standard error'))
    .addOption(COLOR)
    .addOption(NO_COLOR)
    .action(async (paths: string[], options: FmtOptions) => {
      set(await (await import('./fmt.ts')).fmt(paths, options));
    });

  command('import', 'Make a program of the flows that ovs-ofctl reads or prints.', help.IMPORT)
    .argument('<file>', 'a file of flows, a dump or a shell script; - is standard input')
    .option('-o, --output <file>', 'where to; - is standard output (default: -)')
    .option('--keep-going', 'write what could be read, with comments for the rest')
    .option('--bridge <name>', 'of a script for several bridges, the one whose flows are meant')
    .addOption(format('format of the diagnostics on standard error'))
    .addOption(COLOR)
    .addOption(NO_COLOR)
    .action(async (file: string, options: ImportCommandOptions) => {
      set(await (await import('./import.ts')).importCommand(file, options));
    });

  command('push', 'Compile a program and install it on a switch, all of it or nothing.', help.PUSH)
    .argument('<file>', 'the program; - is standard input')
    .requiredOption('--to <target>', 'unix:/path/br0.mgmt, tcp:host[:port] or ptcp:[port[:address]]')
    .addOption(OF)
    .addOption(ROOT)
    .option('--dpid <id>', 'datapath id of the switch; another one is refused')
    .option('--bridge <name>', "name of the switch's bridge, if not that of the program's `bridge` block")
    .addOption(
      new Option('--timeout <seconds>', 'give up when the switch makes no progress for so long')
        .argParser(seconds)
        .default(10),
    )
    .option('--adopt', 'take over flows of others that have the same match and priority')
    .option('--locked', 'fail where wbf.lock would have to change')
    .addOption(format('format of the diagnostics on standard error'))
    .addOption(COLOR)
    .addOption(NO_COLOR)
    .action(async (file: string, options: PushCommandOptions) => {
      guard();
      set(await (await import('./push.ts')).pushCommand(file, options));
    });

  command('explain', 'Explain a diagnostic of wbfc or an error of the switch.', help.EXPLAIN)
    .argument('[code]', 'WBF3001, OFPBMC_BAD_PREREQ …; none lists the codes of wbfc')
    .addOption(COLOR)
    .addOption(NO_COLOR)
    .action(async (code: string | undefined, options: { color?: boolean }) => {
      set(await (await import('./explain.ts')).explain(code, options));
    });

  program
    .command('lsp')
    .description('Serve an editor (Language Server Protocol).')
    .addHelpText('after', help.LSP)
    .requiredOption('--stdio', 'talk over standard input and output, the one way there is')
    .action(async () => {
      const { serve } = await import('../../lsp/server.ts');
      serve((await import('./node-host.ts')).nodeHost);
    });

  return program;
}
