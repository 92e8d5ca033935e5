/** What `--help` says below the list of options. */

const EXIT_CODES = `
Exit codes:
  0  done; there may have been warnings
  1  the program has errors
  2  the command line, or a file that it names, is not usable
  3  the switch refused or did not answer, or wbfc itself failed`;

export const PROGRAM = `
Examples:
  wbfc check .                            every .wbf file below this directory
  wbfc fmt .                              formats them
  wbfc build rules.wbf                    writes rules.sh, to be run as: ./rules.sh br0
  wbfc build rules.wbf --emit flows -o -  shows the flows
  wbfc push rules.wbf --to unix:/var/run/openvswitch/br0.mgmt
  wbfc import br0.flows -o br0.wbf        makes a program of what ovs-ofctl has printed
  wbfc explain WBF3001
${EXIT_CODES}

Environment:
  NO_COLOR=1    no colours
  WBFC_DEBUG=1  print where in wbfc an internal error came from`;

export const BUILD = `
Each FILE is a program of its own. Without --output its result stands beside it, under the same name:
  script  rules.sh      a POSIX shell script that installs the program: ./rules.sh BRIDGE
  flows   rules.flows   one flow a line, for ovs-ofctl add-flows
  bundle  rules.bundle  the OpenFlow messages of one atomic bundle
  json    rules.json    the flows for other programs
The result of standard input goes to standard output. With --output, flows and bundles of several
programs follow one another. Nothing is written for a program with errors.

Below OpenFlow 1.3 there are no bundles: scripts want --non-atomic, and --emit bundle is not to be had.

Ports that are declared by name (port up = "eth0") keep their names in scripts and flows; a bundle needs
their numbers. They come from a file with lines such as: eth0 1; from JSON, {"eth0": 1}; or from what
ovs-ofctl show BRIDGE prints.

Examples:
  wbfc build rules.wbf
  wbfc build rules.wbf --emit flows -o - | ovs-ofctl -O OpenFlow15 --bundle add-flows br0 -
  wbfc build a.wbf b.wbf --emit json
  ovs-ofctl show br0 | wbfc build rules.wbf --emit bundle --ports -
${EXIT_CODES}`;

export const CHECK = `
Directories are searched for *.wbf, but not node_modules and directories whose name begins with a dot.
Each file is checked as a program; what is wrong with one that others import is told once.

Formats:
  pretty   for people: each mistake with its source
  concise  file:line:col: error[WBF3001]: message (OFPBMC_BAD_PREREQ)
  json     one document with places, related places, notes and fixes
  sarif    SARIF 2.1.0 for code scanning, with paths relative to the repository
  github   annotations of a GitHub workflow

Examples:
  wbfc check rules.wbf
  wbfc check . --format sarif > wbfc.sarif
  wbfc check rules.wbf --of 1.3
  git show HEAD:rules.wbf | wbfc check -
${EXIT_CODES}`;

export const FMT = `
Files are written only if they change, and their names printed. What a program means never changes, and neither
do its comments. A file with syntax errors is left as it is. There is nothing to configure.

Examples:
  wbfc fmt .
  wbfc fmt --check .               in CI: exits with 1 if a file is not formatted
  wbfc fmt - < rules.wbf           prints the result
${EXIT_CODES}`;

export const IMPORT = `
It reads what ovs-ofctl add-flows reads, what dump-flows, dump-groups, dump-meters and dump-tlv-map print
(with statistics and names, of any version), and shell scripts with commands of ovs-ofctl; all of it may be in
one file. Nothing is executed. Nothing is left out without a word: what ovs-ofctl would silently make of a line
is a warning and a comment, and a line that cannot be read is an error, or with --keep-going a comment.

Examples:
  ovs-ofctl dump-flows br0 | wbfc import - -o br0.wbf
  wbfc import setup.sh --bridge br-int -o br-int.wbf
  wbfc import old.flows | wbfc build - --emit flows
${EXIT_CODES}`;

export const PUSH = `
Targets:
  unix:/path        the switch's management socket: /var/run/openvswitch/BRIDGE.mgmt
  tcp:host[:port]   where the switch listens (port 6653 unless said)
  ptcp:[port[:address]]
                    wbfc listens, on 127.0.0.1 unless said, and the switch calls

The switch must be the one that --dpid and --bridge say; another one is refused, and nothing is sent to it. On
the controller port, where anyone may call, it must be the program's bridge if neither is said.

Ports that the program declares by name (port up = "eth0") get the numbers that the switch has for them.

The program's flows replace those of its last push in one atomic bundle: when one is refused, none is
installed. Flows of others stay. Every refusal is reported at its place in the source. Bundles came with
OpenFlow 1.3: programs for older versions cannot be pushed.

Examples:
  wbfc push rules.wbf --to unix:/var/run/openvswitch/br0.mgmt
  wbfc push rules.wbf --to ptcp:6653 --dpid 0x1
${EXIT_CODES}`;

export const EXPLAIN = `
Examples:
  wbfc explain WBF3001
  wbfc explain OFPBMC_BAD_PREREQ`;

export const LSP = `
An editor starts this command and speaks the Language Server Protocol with it: diagnostics while
typing, hover, quick fixes, formatting, an outline and the way to declarations. The extension for VS Code is in
lsp/vscode of wbfc.`;
