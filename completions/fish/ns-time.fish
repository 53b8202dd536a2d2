# SPDX-License-Identifier: ISC
# fish completion of ns-time(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_time_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 'm/monotonic=' 'b/boottime=' x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_time_options
    set -l operands
    not __fish_ns_time_operands; or not set -q operands[1]
end

function __fish_ns_time_command
    set -l operands
    __fish_ns_time_operands; or return
    set -l command $operands (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-time -f
complete -c ns-time -n __fish_ns_time_options -s m -l monotonic -x -d 'move CLOCK_MONOTONIC; [-]SECONDS[.FRACTION]'
complete -c ns-time -n __fish_ns_time_options -s b -l boottime -x -d 'move CLOCK_BOOTTIME, and the uptime with it'
complete -c ns-time -n __fish_ns_time_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-time -n __fish_ns_time_options -s h -l help -d 'print this help'
complete -c ns-time -n __fish_ns_time_options -s V -l version -d 'print the version'
complete -c ns-time -a '(__fish_ns_time_command)'
