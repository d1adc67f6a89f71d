# Fulfil: one Makefile, not recursive.
#   make            build everything into build/
#   make run        build, then start all of it here; Ctrl-C stops it
#   make test       every test, with servers of its own
#   make bench      figures beside their limits
#   make lint       layers, headers, styles, pages, scripts
#   make install    PREFIX=/usr/local DESTDIR=
# SANITIZE=address,undefined builds into build/address,undefined/.

VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
WERROR ?= 1
SANITIZE ?=

B := build$(if $(SANITIZE),/$(SANITIZE))$(if $(FAULTS),/faults)
WARN := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wwrite-strings -Wvla \
	-Wformat=2 -Wundef -Wpointer-arith $(if $(filter 1,$(WERROR)),-Werror)
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(if $(SANITIZE),-fsanitize=$(SANITIZE) \
	-fno-omit-frame-pointer,$(HARDEN)) $(CFLAGS) $(CPPFLAGS)
ALL_CPPFLAGS = -Ilib -I$B -DFULFIL_VERSION='"$(VERSION)"' $(if $(FAULTS),-DFULFIL_FAULTS)
ALL_LDFLAGS = -Wl,--as-needed $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)

pc = $(shell pkg-config $(1) 2>/dev/null)
PQ := $(call pc,--libs libpq)
REDIS := $(call pc,--libs hiredis)
JSON := $(call pc,--libs jansson)
CRYPTO := $(call pc,--libs libcrypto)
FCGI := -lfcgi
INCLUDES := $(sort $(call pc,--cflags-only-I libpq hiredis jansson libcrypto))

COMMANDS := $(basename $(notdir $(wildcard cmd/*.c)))
CGIS := $(basename $(notdir $(wildcard cgi-bin/*.c)))
LIBRARY := $(basename $(notdir $(wildcard lib/*.c)))
QUERIES := $(wildcard sql/query/*.sql)
PROGRAMS := $(COMMANDS:%=$B/cmd/%) $(CGIS:%=$B/cgi-bin/%)

all: $(PROGRAMS)

# A program links what it calls: the archive gives the modules, --as-needed
# drops the libraries that none of them uses.
$B/libfulfil.a: $(LIBRARY:%=$B/lib/%.o)
	@rm -f $@
	@$(AR) rcs $@ $^

$B/cmd/%: $B/cmd/%.o $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PQ) $(REDIS) $(JSON) $(CRYPTO)

$B/cgi-bin/%: $B/cgi-bin/%.o $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PQ) $(REDIS) $(JSON) $(CRYPTO) $(FCGI)

$B/%.o: %.c $B/sql.h
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CPPFLAGS) $(INCLUDES) -include lib/banned.h $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$B/sql.h: sql/embed.awk $(QUERIES)
	@mkdir -p $(@D)
	@awk -f sql/embed.awk $(QUERIES) > $@.new && mv $@.new $@

-include $(LIBRARY:%=$B/lib/%.d) $(COMMANDS:%=$B/cmd/%.d) $(CGIS:%=$B/cgi-bin/%.d)

clean:
	rm -rf build

.PHONY: all clean
.SECONDARY:
