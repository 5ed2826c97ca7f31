# zagent — plan and apply for Zoho CRM. `make help` lists the targets.
V ?= release
B := build/$(V)
ROOMS := base render deluge plan state zoho sandbox agent
PREFIX ?= /usr/local
WERROR ?= -Werror
ifeq ($(origin CC),default)
CC := gcc
endif

# What each room may use: its own archive first, then the ones below (docs/ARCHITECTURE.md, arrows).
NEEDS_base    := base
NEEDS_render  := render base
NEEDS_deluge  := deluge base
NEEDS_plan    := plan base
NEEDS_state   := state base
NEEDS_zoho    := zoho plan base
NEEDS_sandbox := sandbox deluge base
NEEDS_agent   := agent render sandbox deluge state zoho plan base
PKG_base      := jansson libcrypto libfyaml libutf8proc
PKG_deluge    := libpcre2-8 libxml-2.0
PKG_state     := sqlite3
PKG_zoho      := libcurl
PKG_sandbox   := libmicrohttpd sqlite3 libzip
PKG_agent     := libgvc libpcre2-8
# graphviz' two plugins are linked, never searched for (agent/diagram.h); Debian keeps them below libdir.
GVDIR = $(shell $(PKG_CONFIG) --variable=libdir libgvc 2>/dev/null)/graphviz
LIB_deluge     = -lbidgcc000
LIB_sandbox    = -lcsv
LIB_agent      = -lcmark-gfm -lcmark-gfm-extensions -lcsv -L$(GVDIR) -Wl,-rpath,$(GVDIR) -lgvplugin_core -lgvplugin_dot_layout
TESTLIB_render  := -lcmark-gfm -lcmark-gfm-extensions -lcsv
TESTLIB_sandbox := -lcurl
TESTLIB_zoho := -lssl -lz

PKG_ALL := $(sort $(foreach r,$(ROOMS),$(PKG_$(r))))
PKG_CONFIG ?= pkg-config
libs = $(shell $(PKG_CONFIG) --libs $(sort $(foreach r,$(1),$(PKG_$(r))))) $(foreach r,$(1),$(LIB_$(r))) -lpthread -lm

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wundef \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wconversion -Wsign-conversion -Wswitch-enum \
	-Wimplicit-fallthrough -Wdouble-promotion $(WERROR)
ifneq (,$(findstring gcc,$(CC)))
WARN += -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wjump-misses-init -Walloc-zero
endif
# Nothing here may fail or speak when the compiler and the libraries are not installed yet: .ci/deps comes first.
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags-only-I $(PKG_ALL) 2>/dev/null)
CPPFLAGS += -D_GNU_SOURCE -I. $(PKG_CFLAGS) -include base/banned.h
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LMODE_release  := -pie -Wl,-z,relro,-z,now
CFLAGS_test    := -O1 -g -fPIE -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DZAGENT_CRASH -DARENA_DEBUG
LMODE_test     := -pie -fsanitize=address,undefined
CFLAGS_cov     := -O0 -g -fPIE --coverage -DZAGENT_CRASH
LMODE_cov      := -pie --coverage
CFLAGS_valgrind := -O1 -g -fPIE -DZAGENT_CRASH
LMODE_valgrind := -pie
CFLAGS_lint    := -O2 -g -fPIC -fanalyzer -DZAGENT_CRASH
CFLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LMODE_fuzz     := -fsanitize=fuzzer,address,undefined
CFLAGS += -std=c17 $(WARN) $(CFLAGS_$(V))
LMODE  := $(LMODE_$(V))
Q := $(if $(VERBOSE),,@)

src  = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
objs = $(patsubst %.c,$(B)/%.o,$(call src,$(1)))

all: zagent ## build ./zagent
zagent: $(B)/zagent
	$(Q)cp -f $< $@
$(B)/zagent: $(B)/agent/main.o $(foreach r,$(NEEDS_agent),$(B)/lib$(r).a)
	@echo "LINK  $@"
	$(Q)$(CC) $(LMODE) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDFLAGS) $(call libs,$(NEEDS_agent)) -o $@

define room
# The folders too: a file that was removed must leave the archive.
$(B)/lib$(1).a: $(filter-out $(B)/agent/main.o,$(call objs,$(1))) $(sort $(dir $(call src,$(1))))
	@rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$(filter %.o,$$^)
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# Tests: tests/ROOM/test_NAME.c links tests/ROOM's own room and the ones below; tests/ROOM/*.c without test_ are helpers for that room,
# tests/*.c for all, HELP_ROOM those it borrows.
HELP_agent := tests/sandbox/client.c
TESTS := $(sort $(shell find tests -name 'test_*.c'))
test_room = $(word 2,$(subst /, ,$(1)))
test_help = $(patsubst %.c,$(B)/%.o,$(filter-out $(TESTS),$(wildcard tests/*.c tests/$(1)/*.c)) $(HELP_$(1)))
define testrule
$(B)/$(1:.c=): $(B)/$(1:.c=.o) $(call test_help,$(call test_room,$(1))) $(foreach r,$(NEEDS_$(call test_room,$(1))),$(B)/lib$(r).a)
	@echo "LINK  $$@"
	$$(Q)$$(CC) $$(LMODE) $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(LDFLAGS) -lcmocka $(TESTLIB_$(call test_room,$(1))) $$(call libs,$(NEEDS_$(call test_room,$(1)))) -o $$@
endef
$(foreach t,$(TESTS),$(eval $(call testrule,$(t))))
TEST_BINS := $(patsubst %.c,$(B)/%,$(TESTS))
room-test = $(filter $(B)/tests/$(1)/%,$(TEST_BINS))

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# One variant after another, on both cores; under an outer -j its job server is used.
variant = +$(Q)$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2) V=$(1)

check-%: ## build and run the tests of one room, e.g. make check-base
	$(call variant,test) _check ROOM=$*
_check: $(call room-test,$(ROOM)) $(if $(filter agent,$(ROOM)),$(B)/zagent)
	$(Q)tests/run $(call room-test,$(ROOM))

test: ## build with ASan and UBSan, run everything; the last line counts
	$(Q).ci/deps build
	$(call variant,test) _test
_test: $(TEST_BINS) $(B)/zagent
	$(Q)rm -rf build/test-output build/test-canaries
	$(Q)LAST=tests/canary.sh tests/run $(TEST_BINS) $(sort $(wildcard tests/house/*.sh))
test-peers: ## what needs Node, Chromium or Neovim; skipped where absent
	$(Q).ci/deps build
	$(call variant,release) zagent
	$(Q)tests/run $(sort $(wildcard tests/peers/*.sh))
demo: ## plan, apply, guide and log on the embedded sandbox, in build/demo/
	$(Q).ci/deps build
	$(call variant,release) zagent
	$(Q).ci/demo ./zagent build/demo
golden: ## rewrite tests/golden/ and what is shown of the demo; read the diff before a commit
	$(Q)ZAGENT_GOLDEN=1 $(MAKE) --no-print-directory -j2 V=test _test
	$(call variant,release) zagent
	$(Q).ci/golden ./zagent
lint: ## every check that is not a test: .ci/lint says which
	$(Q).ci/deps build lint
	$(Q).ci/lint
format: ## clang-format over all C files
	$(Q)git ls-files '*.[ch]' | xargs clang-format -i
valgrind: ## the library rooms' tests under valgrind, which sees unset values; leaks are test's
	$(call variant,valgrind) WERROR= _valgrind
_valgrind: $(filter-out $(call room-test,agent),$(TEST_BINS))
	$(Q)RUN_UNDER='valgrind -q --error-exitcode=9 --suppressions=tests/valgrind.supp' tests/run $^
cov: ## line coverage of the library rooms, least covered first
	$(call variant,cov) WERROR= _cov
_cov: $(filter-out $(call room-test,agent),$(TEST_BINS))
	$(Q)find $(B) -name '*.gcda' -delete
	$(Q)tests/run $^ | tail -1
	$(Q).ci/cov $(B)
first-day: ## audit a made-up org of 200 modules over a slow line: seconds, calls, findings
	$(call variant,release) _first-day
_first-day: zagent $(B)/bench/grown $(B)/bench/serve
	$(Q).ci/first-day $(B) build/first-day
bench: ## the figures, beside a peer where one exists
	$(call variant,release) _bench
_bench: zagent $(patsubst %.c,$(B)/%,$(wildcard bench/*.c))
	$(Q)bench/run $(B)
metrics: ## the longest and most complex functions, the longest files
	$(Q).ci/metrics
fuzz-%: ## fuzz one parser with clang for SECONDS=60, e.g. make fuzz-js
	$(call variant,fuzz) CC=clang WERROR= build/fuzz/fuzz_$*
	$(Q)mkdir -p build/fuzz/found/$*
	LSAN_OPTIONS=suppressions=tests/fuzz/lsan.supp build/fuzz/fuzz_$* -max_total_time=$(or $(SECONDS),60) -timeout=5 -artifact_prefix=build/fuzz/ build/fuzz/found/$* tests/fuzz/corpus/$*
corpus: ## every Deluge script below DIR=… through parser, checker and formatter; PREFIXES=0 cuts at every byte
	$(call variant,release) build/release/tests/corpus/deluge
	build/release/tests/corpus/deluge $(DIR) $(PREFIXES)
LIBS_below := $(patsubst %,$(B)/lib%.a,$(filter-out agent,$(ROOMS)))
below = $(Q)$(CC) $(LMODE) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDFLAGS) \
	$(call libs,$(filter-out agent,$(ROOMS))) -o $@
$(B)/fuzz_lsp: $(B)/agent/lsp_frame.o
$(B)/fuzz_sheet: $(patsubst %,$(B)/agent/%.o,sheet cell cell_number import import_bases import_columns import_plausible import_rows import_value)
$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(LIBS_below)
	$(below)
$(B)/bench/%: $(B)/bench/%.o $(LIBS_below)
	$(below)
$(B)/tests/corpus/%: $(B)/tests/corpus/%.o $(LIBS_below)
	$(below)

# The arrows: each room alone as a shared object with only what it may use; a call against them does not resolve.
define arrow
$(B)/$(1).so: $(foreach r,$(NEEDS_$(1)),$(B)/lib$(r).a)
	@echo "ARROW $(1)"
	$$(Q)$$(CC) -shared -Wl,-z,defs -Wl,--whole-archive $$< -Wl,--no-whole-archive -Wl,--start-group $$(filter-out $$<,$$^) \
		-Wl,--end-group $$(call libs,$(NEEDS_$(1))) -o $$@
endef
$(foreach r,$(ROOMS),$(eval $(call arrow,$(r))))
_arrows: $(patsubst %,$(B)/%.so,$(ROOMS))

install: all ## put program, manual page, completions and templates under PREFIX (and DESTDIR)
	$(Q).ci/install install ./zagent "$(DESTDIR)$(PREFIX)"
uninstall: ## remove what install put there
	$(Q).ci/install uninstall ./zagent "$(DESTDIR)$(PREFIX)"
deps: ## install the Debian packages this needs
	$(Q).ci/deps build lint
clean: ## remove build/ and ./zagent
	rm -rf build zagent
help: ## this list
	@sed -n 's/^\([a-z%-]*\):.*## /\1\t/p' Makefile | expand -t 16
.PHONY: all test _test test-peers demo first-day _first-day golden lint format valgrind _valgrind cov _cov bench _bench metrics _arrows \
	install uninstall deps clean help corpus _check
.SECONDARY:
