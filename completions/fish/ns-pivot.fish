# SPDX-License-Identifier: ISC
# fish completion of ns-pivot(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_pivot_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 'o/put-old=' P/proc r/read-only 'C/chdir=' x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_pivot_options
    set -l operands
    not __fish_ns_pivot_operands; or not set -q operands[1]
end

function __fish_ns_pivot_operand
    set -l operands
    __fish_ns_pivot_operands; and not set -q operands[1]
end

function __fish_ns_pivot_command
    set -l operands
    __fish_ns_pivot_operands; or return
    set -l command $operands[2..] (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-pivot -f
complete -c ns-pivot -n __fish_ns_pivot_options -s o -l put-old -x -d 'keep the old root at DIR of the new one'
complete -c ns-pivot -n __fish_ns_pivot_options -s P -l proc -d 'mount a fresh /proc of the current PID namespace'
complete -c ns-pivot -n __fish_ns_pivot_options -s r -l read-only -d 'make the new root read-only, but for /proc'
complete -c ns-pivot -n __fish_ns_pivot_options -s C -l chdir -x -d 'start COMMAND in DIR of the new root (default /)'
complete -c ns-pivot -n __fish_ns_pivot_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-pivot -n __fish_ns_pivot_options -s h -l help -d 'print this help'
complete -c ns-pivot -n __fish_ns_pivot_options -s V -l version -d 'print the version'
complete -c ns-pivot -n __fish_ns_pivot_operand -a '(__fish_complete_directories)'
complete -c ns-pivot -n 'not __fish_ns_pivot_operand' -a '(__fish_ns_pivot_command)'
