#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-show
# shellcheck disable=SC2016 # the inner scripts' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

helpers=$BUILD/helpers
export helpers ns

# What the inner scripts have.
set_up() {
	cat >prelude <<-'END'
		mkdir inner
		cd inner || exit
		mkfifo hold
		exec 8<>hold
		n=0
		# start COMMAND [ARG]...: in the background; sets pid, and line to its first line
		start() {
			n=$((n + 1))
			mkfifo said.$n
			"$@" <hold >said.$n 8>&- &
			pid=$!
			read -r line <said.$n
		}
		# end PID: of a process that was started
		end() {
			kill "$1"
			wait "$1" 2>/dev/null
		}
		# same WHAT EXPECTED ACTUAL
		same() {
			[ "$2" = "$3" ] || printf '%s: expected:\n%s\nbut was:\n%s\n' "$1" "$2" "$3"
		}
		# The number of a link in /proc/PID/ns.
		inode() {
			readlink "/proc/$1/ns/$2" | tr -dc 0-9
		}
		# line_of NS [ARG]...: its line, with single blanks.
		line_of() {
			wanted=$1
			shift
			ns-show -n "$@" | awk -v ns="$wanted" '{ $1 = $1 } $1 == ns'
		}
		# Of a process with one.
		child() {
			tr -d ' ' <"/proc/$1/task/$1/children"
		}
		user=$(id -un 2>/dev/null || id -u)
		wait='echo ready; read -r x'
	END
}

# inside [COMMAND [ARG]...] <<SCRIPT: runs it, by that COMMAND, in a PID namespace of its own: then
# nothing else that goes on here is seen, and what it starts ends with it.  It says what is wrong.
inside() {
	{
		cat prelude -
		echo 'echo done'
	} >script
	run $ns ns-pidlab -i "$@" sh -u script
	assertEquals 'done' "$out"
	assertEquals '' "$err"
	assert_rc 0
}

# --- the list ---

test_columns_of_a_process() {
	inside <<-'END'
		start ns-uts sh -c "$wait" 'a  b' c
		ns=$(inode $pid uts) owner=$(inode $pid user)
		same headings 'NS TYPE NPROCS PID PARENT OWNER USER COMMAND' \
			"$(ns-show | sed 's/  */ /g; q')"
		same line "$(printf '%-10s TYPE NPROCS PID PARENT %-10s %s COMMAND\n%s uts  1      %-3s -      %s %s sh -c %s a  b c' \
			NS OWNER "$(echo USER    | cut -c "1-$((${#user} > 4 ? ${#user} : 4))")" \
			"$ns" $pid "$owner" "$user" "$wait")" "$(ns-show -t uts $pid)"
	END
}

test_agrees_with_lsns_on_mixed_namespaces() {
	set --
	for i in 1 2 3; do
		set -- "$@" $i:net,uts,ipc,cgroup $((4 - i)):mnt 1:user,mnt,uts $i:pid,ipc 2:time $i:uts \
			1:user,pid,mnt,net
	done
	inside "$helpers/holder" groups "$@" -- <<-'END'
		start "$helpers/holder" zombie
		lsns -n -r -o NS,TYPE,NPROCS,PID >theirs
		ns-show -n >ours
		sort -o theirs theirs
		awk '$3 > 0 { print $1, $2, $3, $4 }' ours | sort -o ours
		same lists "$(cat theirs)" "$(cat ours)"
		[ "$(wc -l <ours)" -ge 50 ] || echo "only $(wc -l <ours) namespaces"
		for type in cgroup ipc mnt net pid time user uts; do
			[ "$(grep -c " $type " ours)" -ge 4 ] || echo "not many of type $type"
		done
		awk '{ print $3 }' ours | sort -u >counts
		[ "$(wc -l <counts)" -ge 4 ] || echo "not many counts: $(cat counts)"
	END
}

test_counts_processes_and_takes_the_lowest_pid() {
	inside "$helpers/holder" groups 7:net,ipc -- <<-'END'
		for type in net ipc; do
			for p in /proc/[0-9]*; do
				echo "$(inode ${p#/proc/} $type) ${p#/proc/}"
			done | grep '^[0-9]' | grep -v "^$(inode $$ $type) " | sort -k 2n >others
			read -r ns lowest <others
			same $type "$ns $type 7 $lowest" "$(line_of $ns | cut -d ' ' -f 1-4)"
			same "$type, all" 7 "$(grep -c "^$ns " others)"
		done
	END
}

test_no_headings() {
	inside <<-'END'
		ns-show >with
		ns-show -n >without
		ns-show --no-headings >long
		same lines "$(sed 's/.*headings.*/ns-show/; s/.*-n$/ns-show/; 1d; s/  */ /g; s/ns-show.*//' with)" \
			"$(sed 's/  */ /g; s/ns-show.*//' without)"
		same long "$(cut -c 1-30 without)" "$(cut -c 1-30 long)"
		same -c "$(ns-show -c $$ $$ | sed 1d | awk '{ $1 = $1 } 1')" \
			"$(ns-show -n -c $$ $$ | awk '{ $1 = $1 } 1')"
		same -p 1 "$(ns-show -np | head -n 1 | cut -d ' ' -f 1)"
	END
}

test_lists_of_types() {
	inside <<-'END'
		types() {
			ns-show -n "$@" | awk '{ print $2 }' | sort -u | tr '\n' ' '
		}
		for type in cgroup ipc mnt net pid time user uts; do
			same $type "$type " "$(types -t $type)"
		done
		same list 'net uts ' "$(types --type=net,uts)"
		same repeated 'net uts ' "$(types -t net -t uts,net)"
		same all 'cgroup ipc mnt net pid time user uts ' "$(types)"
		same operand 'ipc ' "$(types -t ipc $$)"
		same compare 'net same' "$(ns-show -n -t net -c $$ $$ | awk '{ print $1, $4 }')"
		same tree 'pid user ' "$(ns-show -nT -t user,pid | sed 's/^[-|` ]*//' |
			awk '{ print $2 }' | sort -u | tr '\n' ' ')"
	END
}

test_a_zombie_is_a_process_of_the_namespaces_it_still_has() {
	inside <<-'END'
		count() {
			ns-show -n -t $1 $$ >counted
			set -- $(cat counted)
			count=$3
		}
		count pid
		pids=$count
		count net
		nets=$count
		start "$helpers/holder" zombie
		count pid
		same pid $((pids + 2)) $count
		count net
		same net $((nets + 1)) $count
	END
}

# --- what holds a namespace ---

test_a_mount_pins_a_namespace() {
	inside <<-'END'
		start $ns ns-uts ns-net sh -c "$wait"
		uts=$(inode $pid uts) owner=$(inode $pid user)
		ns-bindmount -k -c /proc/$pid/ns/uts 'pin a'
		same member $pid "$(line_of $uts | cut -d ' ' -f 4)"
		end $pid
		same mount "$uts uts 0 - - $owner - $PWD/pin a" "$(line_of $uts)"
		same full "$uts uts 0 - - $owner - $PWD/pin a" "$(line_of $uts -f)"
		same operand "$uts uts 0 - - $owner - pin a" "$(line_of $uts 'pin a')"
		same json "{\"ns\":$uts,\"type\":\"uts\",\"nprocs\":0,\"pid\":null,\"parent\":null,\"owner\":$owner,\"user\":null,\"command\":\"$PWD/pin a\"}" \
			"$(ns-show -J | grep "^{\"ns\":$uts,")"
		umount 'pin a'
		same gone '' "$(line_of $uts)"
	END
}

test_a_mount_in_another_mount_namespace_pins_too() {
	inside <<-'END'
		start ns-uts sh -c "$wait"
		held=$pid uts=$(inode $pid uts)
		start ns-bindmount -c /proc/$held/ns/uts pin sh -c "$wait"
		holder=$pid
		end $held
		[ "$(stat -f -c %T pin)" != nsfs ] || echo 'it is mounted here'
		same mount "$uts uts 0 - - $(inode $$ user) - /proc/$holder/root$PWD/pin" "$(line_of $uts)"
		# that path is good for the other tools
		same operand "$uts uts 0" "$(line_of $uts /proc/$holder/root$PWD/pin | cut -d ' ' -f 1-3)"
		end $holder
		same gone '' "$(line_of $uts)"
	END
}

test_a_mount_is_found_though_the_first_process_there_is_in_a_chroot() {
	inside <<-'END'
		mkdir -p c/host
		for name in bin lib lib32 lib64 usr; do ln -s "host/$name" c/$name; done
		start ns-uts sh -c "$wait"
		held=$pid uts=$(inode $pid uts)
		start ns-bindmount -R / c/host ns-bindmount -k -c /proc/$held/ns/uts pin sh -c '
			sh -c "read -r x" <&3 &
			exec chroot c /bin/sh -c "echo ready; read -r x"' 3<hold
		chrooted=$pid
		end $held
		same mnt $chrooted "$(line_of "$(inode $chrooted mnt)" | cut -d ' ' -f 4)"
		same root "$PWD/c" "$(readlink /proc/$chrooted/root)"
		same mount "$uts uts 0 -" "$(line_of $uts | cut -d ' ' -f 1-4)"
	END
}

test_an_open_descriptor_holds_a_namespace() {
	inside <<-'END'
		start ns-uts sh -c "$wait"
		held=$pid uts=$(inode $pid uts) owner=$(inode $pid user)
		start sh -c "$wait" 9</proc/$held/ns/uts
		end $held
		same default '' "$(line_of $uts)"
		for option in -f --full; do
			same $option "$uts uts 0 $pid - $owner $user sh -c $wait" "$(line_of $uts $option)"
		done
		first=$pid
		start sh -c "$wait" 9</proc/$first/fd/9
		second=$pid
		start sh -c "$wait" 9</proc/$first/fd/9
		same 'lowest holder' $first "$(line_of $uts -f | cut -d ' ' -f 4)"
		end $first
		same 'next holder' $second "$(line_of $uts -f | cut -d ' ' -f 4)"
		end $second
		end $pid
		same gone '' "$(line_of $uts -f)"
	END
}

test_a_descriptor_from_a_mount_that_is_gone_holds_a_namespace() {
	inside <<-'END'
		start ns-uts sh -c "$wait"
		held=$pid uts=$(inode $pid uts)
		ns-bindmount -k -c /proc/$held/ns/uts pin
		start sh -c "$wait" 9<pin
		end $held
		umount -l pin
		same default '' "$(line_of $uts)"
		same full "$uts uts 0 $pid" "$(line_of $uts -f | cut -d ' ' -f 1-4)"
	END
}

test_one_thread_holds_namespaces() {
	inside <<-'END'
		start "$helpers/holder" thread net,uts,mnt
		for type in net uts mnt; do
			ns=$(inode $pid/task/$line $type)
			[ "$ns" != "$(inode $pid $type)" ] || echo "the thread has no $type of its own"
			same "$type, default" '' "$(line_of $ns)"
			same "$type, full" "$ns $type 0 $pid - $(inode $pid user) $user $helpers/holder thread net,uts,mnt" \
				"$(line_of $ns -f)"
			same "$type, file" "$ns $type 0 - - $(inode $pid user) - /proc/$pid/task/$line/ns/$type" \
				"$(line_of $ns /proc/$pid/task/$line/ns/$type)"
		done
	END
}

test_a_descriptor_of_one_thread_only_holds_a_namespace() {
	inside <<-'END'
		start "$helpers/holder" table net,uts
		for type in net uts; do
			for fd in /proc/$pid/task/$line/fd/*; do readlink $fd; done | tr -d '[]' |
				sed -n "s/^$type://p" >ns
			ns=$(cat ns)
			[ -n "$ns" ] || echo "the thread has no descriptor of $type"
			same "$type, leader" '' "$(ls -l /proc/$pid/fd | grep -F "$ns")"
			same "$type, default" '' "$(line_of $ns)"
			same "$type, full" "$ns $type 0 $pid" "$(line_of $ns -f | cut -d ' ' -f 1-4)"
		done
	END
}

test_what_is_for_children_only() {
	inside <<-'END'
		for type in time pid; do
			start "$helpers/holder" children $type
			ns=$(inode $pid ${type}_for_children)
			[ "$ns" != "$(inode $pid $type)" ] || echo "nothing for children: $type"
			same "$type, default" '' "$(line_of $ns)"
			same "$type, full" "$ns $type 0 $pid" "$(line_of $ns -f | cut -d ' ' -f 1-4)"
			same "$type, operand" "$ns $type 0 $pid" "$(line_of $ns $pid | cut -d ' ' -f 1-4)"
		done
	END
}

# --- operands ---

test_an_operand_shows_what_that_process_is_in() {
	inside <<-'END'
		start ns-uts ns-net sh -c "$wait"
		for type in cgroup ipc mnt net pid time user uts; do
			echo "$(inode $pid $type)"
		done | sort >wanted
		ns-show -n $pid | cut -d ' ' -f 1 >found
		same numbers "$(cat wanted)" "$(cat found)"
		ns-show -n $pid $pid $$ $pid | cut -d ' ' -f 1 | sort | uniq -c |
			awk '{ if ($1 != 1) print "twice:", $2; n++ } END { if (n != 10) print n, "lines" }'
		ns-show -n -t uts $$ >some
		ns-show -n -t uts >all
		same 'as in the list' "$(sed 's/  */ /g' some)" \
			"$(grep "^$(inode $$ uts) " all | sed 's/  */ /g')"
	END
}

test_for_children_is_shown_where_it_differs() {
	inside <<-'END'
		same equal 1 "$(ns-show -n -t pid $$ | wc -l)"
		start ns-pidlab sh -c "$wait"
		first=$(child $pid)
		start ns-join -p/proc/$first/ns/pid -F sh -c "$wait"
		inner=$(inode $first pid)
		same for-children "$inner" "$(inode $pid pid_for_children)"
		same both "$(printf '%s\n' "$(inode $pid pid)" "$inner" | sort)" \
			"$(ns-show -n -t pid $pid | cut -d ' ' -f 1)"
		same member "$first" "$(ns-show -n -t pid $pid | awk -v ns=$inner '$1 == ns { print $4 }')"
	END
}

test_a_file_operand() {
	inside <<-'END'
		ns-show -n -t net $$ >pid
		ns-show -n /proc/$$/ns/net >file
		same one "$(cat pid)" "$(cat file)"
		same two 2 "$(ns-show -n /proc/$$/ns/net /proc/$$/ns/uts | wc -l)"
		same digits 1 "$(cd /proc/$$/ns && ns-show -n ./net | wc -l)"
	END
}

test_what_is_no_namespace() {
	mkfifo fifo
	: >file
	for file in fifo file . /dev/null /proc/self/status; do
		run timeout 30 ns-show "$file"
		assert_rc 125
		assertEquals '' "$out"
		assertEquals "ns-show: '$file' is no namespace" "$err"
		run timeout 30 ns-show -p "$file"
		assert_rc 125
		assertEquals "ns-show: '$file' is no namespace" "$err"
	done
	run ns-show no/such
	assert_rc 125
	assertEquals "ns-show: cannot open 'no/such': No such file or directory" "$err"
	run ns-show ''
	assert_rc 125
	assertEquals "ns-show: cannot open '': No such file or directory" "$err"
	run ns-show -p /proc/self/ns/net
	assert_rc 125
	assertEquals "ns-show: '/proc/self/ns/net' is no PID namespace" "$err"
}

test_what_is_no_process() {
	for options in '' -p "-c $$"; do
		# shellcheck disable=SC2086 # words
		run ns-show $options 2147483647
		assert_rc 125
		assertEquals '' "$out"
		assertEquals 'ns-show: no process 2147483647' "$err"
	done
	assert_usage "'0'" ns-show 0
	assert_usage "'99999999999999999999'" ns-show 99999999999999999999
	assert_usage "'self'" ns-show -c self 1
	inside <<-'END'
		start "$helpers/thread"
		for options in '' -p "-c $$"; do
			ns-show $options $line >out 2>err
			same status 125 $?
			same thread "ns-show: cannot look at process $line: it is a thread of process $pid
		ns-show: hint: its namespaces are in /proc/$pid/task/$line/ns" "$(cat out err)"
		done
		start "$helpers/holder" zombie
		for options in '' -p "-c $$"; do
			ns-show $options $line >out 2>err
			same status 125 $?
			same zombie "ns-show: cannot look at process $line: it has exited and is a zombie" \
				"$(cat out err)"
		done
	END
}

# --- the tree ---

test_a_tree_has_parents_and_owners_that_no_process_is_in() {
	inside <<-'END'
		start ns-user ns-uts ns-user -r ns-net sh -c "$wait"
		upper=$(inode $pid user) net=$(inode $pid net) uts=$(inode $pid uts)
		parent=$(line_of $upper | cut -d ' ' -f 5)
		same "owner of uts" "$parent" "$(line_of $uts | cut -d ' ' -f 6)"
		same "owner of net" "$upper" "$(line_of $net | cut -d ' ' -f 6)"
		same "parent, default" '' "$(line_of $parent)"
		for option in -T --tree; do
			ns-show -n $option -t user,net,uts $pid | sed 's/\([0-9]\) .*/\1/' >drawn
			# numbers are used again: either may be the first
			if [ $uts -lt $upper ]; then
				same $option "$(inode $$ user)
		\`-$parent
		  |-$uts
		  \`-$upper
		    \`-$net" "$(cat drawn)"
			else
				same $option "$(inode $$ user)
		\`-$parent
		  |-$upper
		  | \`-$net
		  \`-$uts" "$(cat drawn)"
			fi
		done
		same 'without processes' "\`-$parent user 0 - $(inode $$ user) $(inode $$ user) - -" \
			"$(line_of "\`-$parent" -T -t user,net,uts $pid)"
		same 'of all' "$parent" "$(ns-show -nT | sed 's/^[-|` ]*//' | cut -d ' ' -f 1 | grep -x $parent)"
	END
}

test_a_tree_is_drawn() {
	inside <<-'END'
		start ns-pidlab -i ns-pidlab sh -c "$wait"
		ns-show -t pid -T >drawn
		same lines 4 "$(wc -l <drawn)"
		set -- $(sed '1d; s/^[-|` ]*//' drawn | cut -d ' ' -f 1)
		same first "$1" "$(inode $$ pid)"
		same drawn "NS TYPE
		$1 pid
		\`-$2 pid
		  \`-$3 pid" "$(awk '{ match($0, /^ */); print substr($0, 1, RLENGTH) $1, $2 }' drawn)"
		same parents "$1 $2" "$(sed -n '3,4p' drawn | sed 's/^[-|` ]*//' | awk '{ print $5 }' |
			tr '\n' ' ' | sed 's/ $//')"
		# the columns stand in line
		same column 1 "$(sed 's/pid .*/pid/' drawn | sed 1d | awk '{ print length }' | sort -u | wc -l)"
		# with an operand, only what is above it
		start ns-pidlab sh -c "$wait"
		same operand "$(inode $$ pid)
		\`-$(inode "$(child $pid)" pid)" "$(ns-show -n -T -t pid "$(child $pid)" | sed 's/ .*//')"
	END
}

# --- JSON ---

test_json_lines() {
	inside <<-'END'
		start ns-uts sh -c "$wait"
		ns=$(inode $pid uts) owner=$(inode $pid user)
		for option in -J --json; do
			same $option "{\"ns\":$ns,\"type\":\"uts\",\"nprocs\":1,\"pid\":$pid,\"parent\":null,\"owner\":$owner,\"user\":\"$user\",\"command\":\"sh -c $wait\"}" \
				"$(ns-show $option -t uts $pid)"
		done
		start ns-pidlab sh -c "$wait"
		ns=$(inode "$(child $pid)" pid)
		same parent "\"parent\":$(inode $$ pid)," "$(ns-show -J | grep "^{\"ns\":$ns," | grep -o '"parent":[^,]*,')"
		same lines "$(ns-show -n | wc -l)" "$(ns-show -J | wc -l)"
		same shape '' "$(ns-show -J | grep -Ev '^\{"ns":[1-9][0-9]*,"type":"[a-z]+","nprocs":[0-9]+,"pid":([0-9]+|null),"parent":([0-9]+|null),"owner":([0-9]+|null),"user":("[^"\\]*"|null),"command":"([^"\\]|\\["\\]|\\u00[0-9a-f][0-9a-f])*"\}$')"
	END
}

test_odd_bytes_in_command_lines() {
	printf 'a\nb"c\\d\te\033f\177g\302\233h\303\251i\200j\355\240\200k\360\237\230\200l\300\257m' >odd
	inside <<-'END'
		start ns-uts sh -c "$wait" "$(cat ../odd)" '' z
		same plain "sh -c $wait a\\012b\"c\\134d\\011e\\033f\\177g\\302\\233h$(printf '\303\251')i\\200j\\355\\240\\200k$(printf '\360\237\230\200')l\\300\\257m  z" \
			"$(ns-show -n -t uts $pid | sed 's/.* sh -c/sh -c/')"
		same 'number of lines' 1 "$(ns-show -n -t uts $pid | wc -l)"
		bad=$(printf '\357\277\275')
		same json "\"sh -c $wait a\\u000ab\\\"c\\\\d\\u0009e\\u001bf\\u007fg\\u009bh$(printf '\303\251')i${bad}j$bad$bad${bad}k$(printf '\360\237\230\200')l$bad${bad}m  z\"}" \
			"$(ns-show -J -t uts $pid | sed 's/.*"command"://')"
		same processes 1 "$(ns-show -np | grep -c 'a\\012b')"
	END
}

test_a_process_without_a_command_line_has_its_name() {
	printf 'x\n]y\\' >odd
	inside <<-'END'
		start ns-uts "$helpers/holder" name "$(cat ../odd)"
		same plain '[x\012]y\134]' "$(ns-show -n -t uts $pid | awk '{ print $NF }')"
		same json '"[x\u000a]y\\"}' "$(ns-show -J -t uts $pid | sed 's/.*"command"://; s/\\\\]/\\\\/')"
		start "$helpers/holder" zombie
		same zombie '[holder]' "$(ns-show -np | awk -v pid=$line '$1 == pid { print $NF }')"
	END
}

# --- the processes of a PID namespace ---

test_processes_nested_three_deep() {
	inside <<-'END'
		start ns-pidlab ns-pidlab ns-pidlab sh -c "$wait"
		a=$pid b=$(child $pid)
		c=$(child $b)
		d=$(child $c)
		start ns-join -p/proc/$d/ns/pid sh -c "$wait"
		joiner=$pid e=$(child $pid)
		last=$(sed -n 's/^NSpid:.*[[:space:]]//p' /proc/$e/status)
		middle=$(sed -n 's/^NSpid:[[:space:]]*[0-9]*[[:space:]]*\([0-9]*\)[[:space:]]*\([0-9]*\).*/\1,\2/p' /proc/$e/status)
		# from outside; the first level of b is that of this script
		cat >wanted <<EOF
		$b,1 $a,0 $user ns-pidlab ns-pidlab sh -c $wait
		$c,2,1 $b,1,0 $user ns-pidlab sh -c $wait
		$d,3,2,1 $c,2,1,0 $user sh -c $wait
		$e,$middle,$last $joiner,0,0,0 $user sh -c $wait
		EOF
		for option in -p --processes; do
			same "outside, $option" "$(cat wanted)" \
				"$(ns-show -n $option $b | awk '{ $1 = $1 } 1')"
		done
		same headings 'NSPID NSPPID USER COMMAND' "$(ns-show -p $b | head -n 1 | awk '{ $1 = $1 } 1')"
		same file "$(cat wanted)" "$(ns-show -n -p /proc/$b/ns/pid | awk '{ $1 = $1 } 1')"
		same innermost "$(tail -n 2 wanted)" "$(ns-show -n -p $d | awk '{ $1 = $1 } 1')"
		same 'own, all' "$(cat wanted)" "$(ns-show -n -p | awk '{ $1 = $1 } /^[0-9]+,/')"
		# from inside: the shells of this script are not seen, and the levels above neither
		same inside "1 0 $user sh -c $wait
		$last 0 $user sh -c $wait
		0 $user ns-show -n -p" "$(ns-join -t $d -p -m ns-show -n -p |
			awk '{ $1 = $1 } /ns-show/ { sub(/^[0-9]+ /, "") } 1')"
		same 'one up' "1,0
		2,1
		${middle#*,},$last" "$(ns-join -t $c -p -m ns-show -n -p |
			awk 'NR == 1 { print $1 "," $2 } /,/ { print $1 }')"
	END
}

test_processes_take_one_operand() {
	assert_usage "--processes takes one PID or FILE: '2'" ns-show -p 1 2
}

# --- comparing ---

test_compares_type_by_type() {
	inside <<-'END'
		start ns-uts ns-net sh -c "$wait"
		a=$pid
		ns-show -c $$ $a >out
		same status 1 $?
		same headings 'TYPE NS1 NS2 RESULT' "$(head -n 1 out | awk '{ $1 = $1 } 1')"
		for type in cgroup ipc mnt net pid time user uts; do
			case $type in net | uts) result=different ;; *) result=same ;; esac
			same $type "$type $(inode $$ $type) $(inode $a $type) $result" \
				"$(awk -v type=$type '{ $1 = $1 } $1 == type' out)"
		done
		same lines 9 "$(wc -l <out)"
		ns-show --compare $$ $$ >out
		same status 0 $?
		same all 8 "$(grep -c ' same$' out)"
		ns-show -t ipc,pid -c $$ $a >out
		same 'status of some' 0 $?
		same some 3 "$(wc -l <out)"
		ns-show -t ipc,uts -c $$ $a >out
		same 'status of others' 1 $?
	END
}

# --- mistakes and odd moments ---

test_usage_mistakes() {
	for list in junk net,junk '' 'net,' ,net nets ne mount NET; do
		assert_usage "type must be cgroup, ipc, mnt, net, pid, time, user or uts: '$list'" \
			ns-show -t "$list"
	done
	for options in -TJ -Tp -Tc -Jp -Jc -pc '--tree --json'; do
		# shellcheck disable=SC2086 # words
		assert_usage '--tree, --json, --processes and --compare exclude each other' \
			ns-show $options 1 2
	done
	assert_usage '--compare takes two PIDs' ns-show -c
	assert_usage '--compare takes two PIDs' ns-show -c 1
	assert_usage "--compare takes two PIDs: '3'" ns-show -c 1 2 3
	assert_usage "option '--type' requires an argument" ns-show --type
}

test_a_failed_write_is_an_error() {
	for options in '' -T -J -p "-c $$ $$"; do
		rc=0
		# shellcheck disable=SC2086 # words
		ns-show $options >/dev/full 2>err || rc=$?
		assertEquals "status with $options" 125 $rc
		assert_has "$(cat err)" 'ns-show: cannot write to standard output: No space left on device'
	done
}

test_without_proc_it_says_so() {
	mkdir p
	for options in '' -p '-c 1 1' 1; do
		# shellcheck disable=SC2086 # words
		run $ns ns-bindmount p /proc ns-show $options
		assert_rc 125
		assertEquals '' "$out"
		assertEquals "ns-show: no proc(5) is mounted on '/proc'" "$err"
	done
}

test_what_exits_meanwhile_is_no_error() {
	inside <<-'END'
		for k in 1 2 3; do
			while :; do
				for i in 1 2 3 4 5 6 7 8 9 10 11 12; do : & done
				wait
			done 8>&- &
		done
		i=0
		while [ $((i += 1)) -le 600 ]; do
			ns-show >list || echo "status $?"
		done
		i=0
		while [ $((i += 1)) -le 20 ]; do
			for options in -f -p -J -T $$; do
				ns-show $options >list || echo "status $? with $options"
				[ -s list ] || echo 'no list'
			done
		done
	END
}

test_changes_nothing_and_explains_nothing() {
	inside <<-'END'
		for option in -x --explain; do
			ns-show $option -t uts $$ >out 2>&1 || echo "status $?"
			same lines 2 "$(wc -l <out)"
		done
		same environment 2 "$(NS_EXPLAIN=1 ns-show -t uts $$ 2>&1 | wc -l)"
	END
}

# shellcheck source=/dev/null
. "$SHUNIT2"
