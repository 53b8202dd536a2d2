# SPDX-License-Identifier: ISC
#
#   make              build everything into build/
#   make demo         ... and run the experiments
#   make check        ... and run the tests
#   make bench        ... and measure what the tools cost, beside other programs
#   make lint         look at the sources
#   make install      PREFIX=/usr/local DESTDIR=
#   make uninstall    make clean    make dist

VERSION = 0.1.0
TOOLS = ns-bindmount ns-cgroup ns-ipc ns-join ns-net ns-pidlab ns-pivot ns-show ns-time ns-tmpfs ns-user ns-uts
COMMON = bind call chain explain file init launch listing make message mounts ns number proc signals tool
SCRIPTS = ns-lab
HELPERS = $(patsubst tests/helpers/%.c,%,$(wildcard tests/helpers/*.c))
CLAIMS = $(shell sed -n "s/^CLAIMS='\(.*\)'/\1/p" cmd/ns-lab)
BENCH = $(patsubst tests/bench/%.c,%,$(wildcard tests/bench/*.c))
PROBES = $(patsubst tests/helpers/%.c,%,$(wildcard tests/helpers/claims/*.c))
SKELETON = $(wildcard data/busybox/rootfs/README data/busybox/rootfs/.oldrootfs/README)

B = build
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
LIBEXECDIR = $(PREFIX)/libexec/ns-tools
SHAREDIR = $(PREFIX)/share
DATADIR = $(SHAREDIR)/ns-tools
BASHDIR = $(SHAREDIR)/bash-completion/completions
ZSHDIR = $(SHAREDIR)/zsh/site-functions
FISHDIR = $(SHAREDIR)/fish/vendor_completions.d

# Static against musl where it is there: a tool then starts several times faster.  Two segments
# instead of four, nothing to relocate and nothing unused, in fewer pages: a fifth less again.  (No
# start-up code of musl would protect what relro is for in a static program.)
ifeq ($(origin CC),default)
CC := $(shell command -v musl-gcc || command -v cc || command -v gcc || echo cc)
endif
ifneq ($(findstring musl,$(notdir $(CC))),)
STATIC = -static -no-pie -Wl,--gc-sections,-z,noseparate-code,-z,norelro
SMALL = -fno-pie -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
endif
CFLAGS ?= -O2
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
	-Wstrict-prototypes -DVERSION='"$(VERSION)"' -MMD -MP $(SMALL) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(STATIC) $(LDFLAGS)

# What chain.c knows as our own: "ns-bindmount", "ns-join", ...
comma := ,
space := $() $()
TOOL_NAMES = $(subst $(space),$(comma) ,$(TOOLS:%="%"))

SCRIPT_FILES = $(SCRIPTS:%=$(B)/%)
BIN_FILES = $(TOOLS:%=$(B)/%) $(SCRIPT_FILES)
TOOL_OBJECTS = $(TOOLS:%=$(B)/obj/%.o)
COMMON_OBJECTS = $(COMMON:%=$(B)/obj/%.o)

.PHONY: all
all: $(BIN_FILES) $(PROBES:%=$(B)/helpers/%) $(B)/man/ns-tools-claims.7 $(B)/rootfs/bin/sh

.PHONY: demo
demo: all
	PATH="$(abspath $(B)):$$PATH" $(B)/ns-lab run

.PHONY: check
check: all helpers $(B)/tools/.stamp
	BUILD="$(abspath $(B))" sh tests/run

# What a chain of tools costs when they are not static is measured, too.
DYNAMIC = ns-ipc ns-pidlab ns-pivot ns-uts
.PHONY: bench
bench: all $(B)/helpers/holder $(B)/helpers/orphans $(BENCH:%=$(B)/bench/%)
	$(if $(STATIC),$(MAKE) B=$(B)/dynamic CC=cc $(DYNAMIC:%=$(B)/dynamic/%))
	BUILD="$(abspath $(B))" sh tests/bench/run

.PHONY: helpers
helpers: $(HELPERS:%=$(B)/helpers/%)

.PHONY: lint
lint: $(B)/man/ns-tools-claims.7
	sh tests/lint $<

# A change of the compiler or of its flags builds everything again.
USED = $(CC) $(CPPFLAGS) $(CFLAGS) $(ALL_LDFLAGS)
.PHONY: FORCE
$(B)/obj/used: FORCE | $(B)/obj
	@[ "$$(cat $@ 2>/dev/null)" = '$(subst ','\'',$(USED))' ] || { \
		echo 'Compiler: $(subst ','\'',$(CC)), $(if $(STATIC),static (musl),as it is (not static musl))'; \
		printf '%s\n' '$(subst ','\'',$(USED))' >$@; }

$(B)/obj/chain.o: ALL_CFLAGS += -DTOOL_NAMES='$(TOOL_NAMES)'
$(TOOL_OBJECTS): $(B)/obj/%.o: cmd/%.c $(B)/obj/used Makefile | $(B)/obj
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(COMMON_OBJECTS): $(B)/obj/%.o: common/%.c $(B)/obj/used Makefile | $(B)/obj
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/obj/common.a: $(COMMON_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(TOOLS:%=$(B)/%): $(B)/%: $(B)/obj/%.o $(B)/obj/common.a
	$(CC) $(CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(SCRIPT_FILES): $(B)/%: cmd/% Makefile | $(B)/obj
	sed 's/^VERSION=.*/VERSION=$(VERSION)/' $< >$@
	chmod 755 $@

$(HELPERS:%=$(B)/helpers/%) $(PROBES:%=$(B)/helpers/%): $(B)/helpers/%: tests/helpers/%.c $(B)/obj/used Makefile | $(B)/helpers/claims
	$(CC) $(ALL_CFLAGS) -MF $(B)/obj/helper-$(@F).d -pthread $(ALL_LDFLAGS) -o $@ $< $(LDLIBS)

$(B)/man/ns-tools-claims.7: man/claims.awk man/ns-lab.1 cmd/ns-lab data/lab/claims/read $(CLAIMS:%=data/lab/claims/%) | $(B)/man
	(cd data/lab/claims && awk -f read $(CLAIMS)) | \
		awk -f man/claims.awk -v date="$$(sed -n 's/^\.Dd //p' man/ns-lab.1)" >$@

$(BENCH:%=$(B)/bench/%): $(B)/bench/%: tests/bench/%.c $(B)/obj/used Makefile | $(B)/bench
	$(CC) $(ALL_CFLAGS) -MF $(B)/obj/bench-$*.d $(ALL_LDFLAGS) -o $@ $< $(LDLIBS)

$(B)/obj $(B)/bench $(B)/man $(B)/helpers/claims:
	mkdir -p $@

-include $(wildcard $(B)/obj/*.d)

# The root that the experiments switch to, and what else the tests need.
$(B)/rootfs/bin/sh: tests/fetch $(SKELETON) | $(B)/obj
	sh tests/fetch rootfs $(B)

$(B)/tools/.stamp: tests/fetch | $(B)/rootfs/bin/sh
	sh tests/fetch tools $(B)

# $(call put,MODE,FILES,FOLDER) and $(call take,FILES,FOLDER): install FILES, if any, and remove them.
define put
$(if $(2),install -d "$(DESTDIR)$(3)"
	install -m $(1) $(2) "$(DESTDIR)$(3)")
endef
define take
$(if $(1),rm -f $(patsubst %,"$(DESTDIR)$(2)/%",$(notdir $(1))))
endef
MAN1 = $(wildcard man/*.1)
MAN7 = $(wildcard man/*.7) $(B)/man/ns-tools-claims.7
BASH = $(wildcard completions/bash/*)
ZSH = $(wildcard completions/zsh/_*)
FISH = $(wildcard completions/fish/*.fish)

.PHONY: install
install: all
	$(call put,755,$(BIN_FILES),$(BINDIR))
	$(call put,755,$(PROBES:%=$(B)/helpers/%),$(LIBEXECDIR))
	$(call put,644,$(MAN1),$(SHAREDIR)/man/man1)
	$(call put,644,$(MAN7),$(SHAREDIR)/man/man7)
	$(call put,644,$(BASH),$(BASHDIR))
	$(call put,644,$(ZSH),$(ZSHDIR))
	$(call put,644,$(FISH),$(FISHDIR))
	rm -rf "$(DESTDIR)$(DATADIR)"
	install -d "$(DESTDIR)$(DATADIR)/rootfs"
	cp -RP data/. "$(DESTDIR)$(DATADIR)"
	cp -RP $(B)/rootfs/. "$(DESTDIR)$(DATADIR)/rootfs"
	chmod -R u=rwX,go=rX "$(DESTDIR)$(DATADIR)"

.PHONY: uninstall
uninstall:
	$(call take,$(TOOLS) $(SCRIPTS),$(BINDIR))
	rm -rf "$(DESTDIR)$(LIBEXECDIR)"
	$(call take,$(MAN1),$(SHAREDIR)/man/man1)
	$(call take,$(MAN7),$(SHAREDIR)/man/man7)
	$(call take,$(BASH),$(BASHDIR))
	$(call take,$(ZSH),$(ZSHDIR))
	$(call take,$(FISH),$(FISHDIR))
	rm -rf "$(DESTDIR)$(DATADIR)"

.PHONY: clean
clean:
	rm -rf $(B)

# The tracked files; where git is not, all files but the built ones.
DIST = ns-tools-$(VERSION)
.PHONY: dist
dist: | $(B)/obj
	if [ -e .git ]; then git archive --prefix=$(DIST)/ -o $(B)/$(DIST).tar.gz HEAD; \
	else tar -czf $(B)/$(DIST).tar.gz --exclude=./build --transform='s,^\.,$(DIST),' .; fi

.DELETE_ON_ERROR:
