# SPDX-License-Identifier: ISC
# fish completion of ns-cgroup(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_cgroup_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 'j/join=+' x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_cgroup_options
    set -l operands
    not __fish_ns_cgroup_operands; or not set -q operands[1]
end

function __fish_ns_cgroup_command
    set -l operands
    __fish_ns_cgroup_operands; or return
    set -l command $operands (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-cgroup -f
complete -c ns-cgroup -n __fish_ns_cgroup_options -s j -l join -x -a '(__fish_complete_directories)' -d 'join the cgroup DIR first; repeatable'
complete -c ns-cgroup -n __fish_ns_cgroup_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-cgroup -n __fish_ns_cgroup_options -s h -l help -d 'print this help'
complete -c ns-cgroup -n __fish_ns_cgroup_options -s V -l version -d 'print the version'
complete -c ns-cgroup -a '(__fish_ns_cgroup_command)'
