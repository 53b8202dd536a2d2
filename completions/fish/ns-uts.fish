# SPDX-License-Identifier: ISC
# fish completion of ns-uts(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_uts_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 'n/hostname=' 'd/domainname=' k/keep s/show x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_uts_options
    set -l operands
    not __fish_ns_uts_operands; or not set -q operands[1]
end

function __fish_ns_uts_command
    set -l operands
    __fish_ns_uts_operands; or return
    set -l command $operands (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-uts -f
complete -c ns-uts -n __fish_ns_uts_options -s n -l hostname -x -d 'set the host name there'
complete -c ns-uts -n __fish_ns_uts_options -s d -l domainname -x -d 'set the NIS domain name there'
complete -c ns-uts -n __fish_ns_uts_options -s k -l keep -d 'act in the current namespace; COMMAND is optional'
complete -c ns-uts -n __fish_ns_uts_options -s s -l show -d 'print both names instead of running COMMAND'
complete -c ns-uts -n __fish_ns_uts_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-uts -n __fish_ns_uts_options -s h -l help -d 'print this help'
complete -c ns-uts -n __fish_ns_uts_options -s V -l version -d 'print the version'
complete -c ns-uts -a '(__fish_ns_uts_command)'
