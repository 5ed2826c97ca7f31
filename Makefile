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
PKG_deluge    := libpcre2-8
PKG_state     := sqlite3
PKG_zoho      := libcurl
PKG_sandbox   := libmicrohttpd sqlite3
PKG_agent     := libgvc
LIB_agent     := -lcmark-gfm -lcmark-gfm-extensions -lcsv
TESTLIB_render  := -lcmark-gfm -lcmark-gfm-extensions -lcsv
TESTLIB_sandbox := -lcurl
TESTLIB_zoho := -lssl

PKG_ALL := $(sort $(foreach r,$(ROOMS),$(PKG_$(r))))
PKG_CONFIG ?= pkg-config
libs = $(shell $(PKG_CONFIG) --libs $(sort $(foreach r,$(1),$(PKG_$(r))))) $(foreach r,$(1),$(LIB_$(r))) -lpthread -lm

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wundef \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wconversion -Wsign-conversion -Wswitch-enum \
	-Wimplicit-fallthrough -Wdouble-promotion $(WERROR)
ifneq (,$(findstring gcc,$(CC)))
WARN += -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wjump-misses-init -Walloc-zero
endif
CPPFLAGS += -D_GNU_SOURCE -I. $(shell $(PKG_CONFIG) --cflags-only-I $(PKG_ALL) 2>/dev/null) -include base/banned.h
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LMODE_release  := -pie -Wl,-z,relro,-z,now
CFLAGS_test    := -O1 -g -fPIE -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DZAGENT_CRASH -DARENA_DEBUG
LMODE_test     := -pie -fsanitize=address,undefined
CFLAGS_cov     := -O0 -g -fPIE --coverage
LMODE_cov      := -pie --coverage
CFLAGS += -std=c17 $(WARN) $(CFLAGS_$(V))
LMODE  := $(LMODE_$(V))
Q := $(if $(VERBOSE),,@)

src  = $(sort $(shell find $(1) -name '*.c'))
objs = $(patsubst %.c,$(B)/%.o,$(call src,$(1)))

all: zagent ## build ./zagent
zagent: $(B)/zagent
	$(Q)cp -f $< $@
$(B)/zagent: $(B)/agent/main.o $(foreach r,$(NEEDS_agent),$(B)/lib$(r).a)
	@echo "LINK  $@"
	$(Q)$(CC) $(LMODE) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDFLAGS) $(call libs,$(NEEDS_agent)) -o $@

define room
$(B)/lib$(1).a: $(filter-out $(B)/agent/main.o,$(call objs,$(1)))
	@rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# Tests: tests/ROOM/test_NAME.c links tests/ROOM's own room and the ones below; tests/ROOM/*.c without test_ are helpers for that room.
TESTS := $(sort $(shell find tests -name 'test_*.c'))
test_room = $(word 2,$(subst /, ,$(1)))
test_help = $(patsubst %.c,$(B)/%.o,$(filter-out $(TESTS),$(wildcard tests/$(1)/*.c)))
define testrule
$(B)/$(1:.c=): $(B)/$(1:.c=.o) $(call test_help,$(call test_room,$(1))) $(foreach r,$(NEEDS_$(call test_room,$(1))),$(B)/lib$(r).a)
	@echo "LINK  $$@"
	$$(Q)$$(CC) $$(LMODE) $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(LDFLAGS) -lcmocka $(TESTLIB_$(call test_room,$(1))) $$(call libs,$(NEEDS_$(call test_room,$(1)))) -o $$@
endef
$(foreach t,$(TESTS),$(eval $(call testrule,$(t))))
TEST_BINS := $(patsubst %.c,$(B)/%,$(TESTS))
room-test = $(filter $(B)/tests/$(1)/%,$(TEST_BINS))

-include $(shell find $(B) -name '*.d' 2>/dev/null)

check-%: ## build and run the tests of one room, e.g. make check-base
	$(Q)$(MAKE) --no-print-directory V=test _check ROOM=$*
_check: $(call room-test,$(ROOM)) $(if $(filter agent,$(ROOM)),$(B)/zagent)
	$(Q)tests/run $(call room-test,$(ROOM))

clean: ## remove build/ and ./zagent
	rm -rf build zagent
help: ## this list
	@sed -n 's/^\([a-z%-]*\):.*## /\1\t/p' Makefile | expand -t 16
.PHONY: all clean help _check
.SECONDARY:
