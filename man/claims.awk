# SPDX-License-Identifier: ISC
# Makes ns-tools-claims(7) of the claims, as data/lab/claims/read prints them:
# awk -f claims.awk -v date='MONTH DAY, YEAR' LINES

BEGIN {
	FS = "\t"
	title["overview"] = "Namespaces, their types and system calls"
	title["mount"] = "Mounts and mount namespaces"
	title["pivot"] = "The root file system: pivot_root(2) and chroot(2)"
	title["uts"] = "Host and domain names, UTS namespaces"
	title["pid"] = "Processes, signals and PID namespaces"
	title["later"] = "Further experiments"
	print ".\\\" SPDX-License-Identifier: ISC"
	print ".\\\" Made from data/lab/claims: change those files, not this one."
	print ".Dd " date
	print ".Dt NS-TOOLS-CLAIMS 7"
	print ".Os ns-tools"
	print ".Sh NAME"
	print ".Nm ns-tools-claims"
	print ".Nd statements about namespaces, and what the kernel says of each"
	print ".Sh DESCRIPTION"
	print "These are the statements of an article on Linux namespaces, and some that it leaves out."
	print ".Ql ns-lab claims"
	print "checks them on the running kernel."
	print "Those that are"
	print ".Em refuted"
	print "are not so: behind the colon stands what is right."
	print "Those that are"
	print ".Em skipped"
	print "cannot be observed on a running machine."
}

$3 != section {
	if (section)
		print ".El"
	section = $3
	print ".Ss " (section in title ? title[section] : section)
	print ".Bl -tag -width MNT-00"
}

{
	gsub(/\\/, "\\e", $5)
	sub(/^['.]/, "\\\\\\&&", $5)
	print ".It " $1 " Pq Em " $2
	print $5
	count[$2]++
}

END {
	print ".El"
	printf "In all, %d hold, %d are refuted, and %d are skipped.\n", count["holds"],
		count["refuted"], count["skipped"]
	print ".Sh SEE ALSO"
	print ".Xr ns-lab 1 ,"
	print ".Xr namespaces 7 ,"
	print ".Xr ns-tools 7"
}
