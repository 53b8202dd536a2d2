# SPDX-License-Identifier: ISC
# fish completion of ns-show(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_show_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s f/full 't/type=+' T/tree J/json n/no-headings p/processes c/compare x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_show_options
    set -l operands
    not __fish_ns_show_operands; or not set -q operands[1]
end

complete -c ns-show -F -a '(__fish_complete_pids)'
complete -c ns-show -n __fish_ns_show_options -s f -l full -d 'also what only a thread or a descriptor holds'
complete -c ns-show -n __fish_ns_show_options -s t -l type -x -a '(__fish_append , cgroup ipc mnt net pid time user uts)' -d 'only these types'
complete -c ns-show -n __fish_ns_show_options -s T -l tree -d 'draw them by parent and owner'
complete -c ns-show -n __fish_ns_show_options -s J -l json -d 'one JSON object a line'
complete -c ns-show -n __fish_ns_show_options -s n -l no-headings -d 'without the line of headings'
complete -c ns-show -n __fish_ns_show_options -s p -l processes -d 'the processes of a PID namespace instead'
complete -c ns-show -n __fish_ns_show_options -s c -l compare -d 'compare two PIDs, type by type, instead'
complete -c ns-show -n __fish_ns_show_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-show -n __fish_ns_show_options -s h -l help -d 'print this help'
complete -c ns-show -n __fish_ns_show_options -s V -l version -d 'print the version'
