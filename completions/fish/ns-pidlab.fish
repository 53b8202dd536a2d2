# SPDX-License-Identifier: ISC
# fish completion of ns-pidlab(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_pidlab_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s i/init no-proc r/report s/setsid 'pid-file=' d/detach x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_pidlab_options
    set -l operands
    not __fish_ns_pidlab_operands; or not set -q operands[1]
end

function __fish_ns_pidlab_command
    set -l operands
    __fish_ns_pidlab_operands; or return
    set -l command $operands (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-pidlab -f
complete -c ns-pidlab -n __fish_ns_pidlab_options -s i -l init -d 'a small init is PID 1 and COMMAND its child'
complete -c ns-pidlab -n __fish_ns_pidlab_options -l no-proc -d 'do not mount a private /proc'
complete -c ns-pidlab -n __fish_ns_pidlab_options -s r -l report -d 'say every death on standard error'
complete -c ns-pidlab -n __fish_ns_pidlab_options -s s -l setsid -d 'start COMMAND in a session of its own'
complete -c ns-pidlab -n __fish_ns_pidlab_options -l pid-file -r -F -d 'write the PID of PID 1 to FILE once COMMAND runs'
complete -c ns-pidlab -n __fish_ns_pidlab_options -s d -l detach -d 'print that PID and return once COMMAND runs'
complete -c ns-pidlab -n __fish_ns_pidlab_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-pidlab -n __fish_ns_pidlab_options -s h -l help -d 'print this help'
complete -c ns-pidlab -n __fish_ns_pidlab_options -s V -l version -d 'print the version'
complete -c ns-pidlab -a '(__fish_ns_pidlab_command)'
