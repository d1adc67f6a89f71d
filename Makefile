# Fulfil: one Makefile, not recursive.
#   make            build everything into build/
#   make run        build, then start all of it here; Ctrl-C stops it
#   make demo       the overview with sample data; takes a web server and nothing else
#   make test       every test, with servers of its own
#   make bench      figures beside their limits
#   make hosts      several hosts, in namespaces of this one, and a fault: FAULT=list names them
#   make unit       the tests without servers
#   make fuzz       harnesses of tests/fuzz under clang's libFuzzer, FUZZ_SECONDS each
#   make lint       layers, headers, symbols, style, pages, scripts
#   make format FILES="…"  clang-format, where it helps
#   make deb        a Debian package, into build/deb
#   make install    PREFIX=/usr/local DESTDIR=
# WERROR=1 makes warnings errors, as CI and `make lint` do. SANITIZE=address,undefined builds into
# build/address,undefined/; its checks make gcc warn of what cannot be, so it never does there.

VERSION := $(shell cat VERSION)
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
WERROR ?= 0
SANITIZE ?=
comma := ,

B := build$(if $(SANITIZE),/$(SANITIZE))$(if $(FAULTS),/faults)
WARN = -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wwrite-strings -Wvla \
	-Wformat=2 -Wundef -Wpointer-arith $(if $(filter 1,$(WERROR)),$(if $(SANITIZE),,-Werror))
# What this compiler has of it, tried once: older ones have less.
harden = $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror -O2 $(1) -x c -o /dev/null - 2>/dev/null && \
	echo "$(1)")
HARDEN := $(or $(call harden,-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-clash-protection \
	-fcf-protection=full -ftrivial-auto-var-init=zero -fPIE -pie -Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now \
	-Wl$(comma)-z$(comma)noexecstack),$(call harden,-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
	-fstack-clash-protection -fPIE -pie -Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now),-fstack-protector-strong)
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(if $(SANITIZE),-fsanitize=$(SANITIZE) \
	-fno-omit-frame-pointer -fno-sanitize-recover=all,$(HARDEN)) $(CFLAGS) $(CPPFLAGS)
ALL_CPPFLAGS = -Ilib -I$B -DFULFIL_VERSION='"$(VERSION)"' $(if $(FAULTS),-DFULFIL_FAULTS)
ALL_LDFLAGS = -Wl,--as-needed $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)

pc = $(shell pkg-config $(1) 2>/dev/null)
PQ := $(call pc,--libs libpq)
REDIS := $(call pc,--libs hiredis)
JSON := $(call pc,--libs jansson)
CRYPTO := $(call pc,--libs libcrypto)
CURL := $(call pc,--libs libcurl)
FCGI := -lfcgi
CSV := -lcsv
INCLUDES := $(sort $(call pc,--cflags-only-I libpq hiredis jansson libcrypto libcurl))

COMMANDS := $(basename $(notdir $(wildcard cmd/*.c)))
CGIS := $(basename $(notdir $(wildcard cgi-bin/*.c)))
LIBRARY := $(patsubst lib/%.c,%,$(wildcard lib/*/*.c))
QUERIES := $(wildcard sql/query/*.sql)
PROGRAMS := $(COMMANDS:%=$B/cmd/%) $(CGIS:%=$B/cgi-bin/%) $B/cmd/fulfil-migrate
UNITS := $(patsubst tests/unit/%.c,$B/tests/unit/%,$(wildcard tests/unit/*.c))
FUZZES := $(patsubst tests/fuzz/%.c,$B/tests/fuzz/%,$(filter-out %/driver.c,$(wildcard tests/fuzz/*.c)))
FUZZ_SECONDS ?= 60
BENCHES := $(patsubst tests/bench/%.c,$B/tests/bench/%,$(wildcard tests/bench/*.c))
# Tests wait more than they work.
JOBS ?= $(shell expr $$(nproc) + 1)

all: $(PROGRAMS) static completion $B/schema/record.json

# What building takes, looked for once. fcgi and csv have nothing that pkg-config knows.
$B/needs:
	@mkdir -p $(@D)
	@missing=; for tool in pkg-config jq $(firstword $(CC)); do \
	  command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	for lib in libpq hiredis jansson libcrypto libcurl; do \
	  pkg-config --exists $$lib 2>/dev/null || missing="$$missing $$lib"; done; \
	for header in fcgiapp.h csv.h; do \
	  echo "#include <$$header>" | $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 || missing="$$missing $$header"; done; \
	[ -z "$$missing" ] || { echo "missing:$$missing; run sh cron/deps" >&2; exit 1; }
	@touch $@

# The pages as the web server sends them: as they are, the API's reference made of its description,
# and Debian's Chart.js; without that the charts are tables. What a page loads is also in a directory
# named after the content of all of it, which is where the two pages look, so a browser may keep it for good.
STATIC := $(patsubst cgi-bin/static/%,$B/static/%,$(wildcard cgi-bin/static/*)) $B/static/docs.html $B/static/chart.js
CHART := /usr/share/javascript/chart.js/chart.min.js
LOADED := $(sort $(wildcard cgi-bin/static/*.js cgi-bin/static/*.css cgi-bin/static/*.svg))
EDITION := $(shell cat $(LOADED) $(wildcard $(CHART)) | sha256sum | cut -c 1-12)
EDITED := $(patsubst cgi-bin/static/%,$B/static/$(EDITION)/%,$(LOADED)) $B/static/$(EDITION)/chart.js

# The manual, a page of HTML for each, to which /docs leads. Without mandoc there is none.
PAGES := $(notdir $(wildcard cmd/*.[1-8]))
MANUAL := $(if $(shell command -v mandoc),$(PAGES:%=$B/manual/%))

static: $(STATIC) $(EDITED) $(MANUAL)

$(MANUAL): $B/manual/%: cmd/% cgi-bin/manual
	@mkdir -p $(@D) $B/static
	@sh cgi-bin/manual $< >$@.new && mv $@.new $B/static/man-$(subst .,-,$*).html && touch $@

$B/static/docs.html: cgi-bin/docs.jq cgi-bin/openapi.json | $B/needs
	@mkdir -p $(@D)
	@jq -r -f cgi-bin/docs.jq cgi-bin/openapi.json > $@.new && mv $@.new $@

$B/static/chart.js: $(wildcard $(CHART))
	@mkdir -p $(@D)
	@cat $(wildcard $(CHART)) /dev/null > $@

# A browser is sent no comments, blank lines and indentation: a fifteenth of the first look, which has a limit.
$B/static/$(EDITION)/%.css: $B/static/%.css Makefile
	@mkdir -p $(@D)
	@sed '/^ *\/\*.*\*\/$$/d; /^ *\/\*/,/\*\/$$/d; s/^ *//; /^$$/d; s/ {$$/{/' $< > $@

$B/static/$(EDITION)/%: $B/static/% Makefile
	@mkdir -p $(@D)
	@sed '/^ *\/\//d; s/^ *//; /^$$/d' $< > $@

$B/static/index.html $B/static/sign-in.html: $B/static/%: cgi-bin/static/% $(LOADED) $(wildcard $(CHART)) Makefile
	@mkdir -p $(@D)
	@sed -E 's#(href|src)="/([a-z-]+\.(js|css|svg))"#\1="/$(EDITION)/\2"#' $< > $@

$B/static/%: cgi-bin/static/%
	@mkdir -p $(@D)
	@cp $< $@

# Completion for shells, of what the commands say of themselves.
COMPLETION := $B/completion/fulfil.bash $B/completion/_fulfil $B/completion/fulfil.fish

completion: $(COMPLETION)

$B/completion/table: share/completion/table $(COMMANDS:%=$B/cmd/%)
	@mkdir -p $(@D)
	@sh $< $B/cmd > $@.new && mv $@.new $@

$B/completion/fulfil.bash: share/completion/bash.awk $B/completion/table
$B/completion/_fulfil: share/completion/zsh.awk $B/completion/table
$B/completion/fulfil.fish: share/completion/fish.awk $B/completion/table
$(COMPLETION):
	@awk -f $^ > $@.new && mv $@.new $@

# The records as a JSON Schema, of their page.
$B/schema/record.json: share/schema/fields.awk share/schema/schema.jq cmd/fulfil-record.5 | $B/needs
	@mkdir -p $(@D)
	@awk -f share/schema/fields.awk cmd/fulfil-record.5 >$@.fields
	@jq -R -s -f share/schema/schema.jq $@.fields >$@.new && mv $@.new $@

# A program links what it calls: the archive gives the modules, --as-needed
# drops the libraries that they do not use.
$B/libfulfil.a: $(LIBRARY:%=$B/lib/%.o)
	@rm -f $@
	@$(AR) rcs $@ $^

$B/cmd/fulfil-migrate: sql/migrate
	@mkdir -p $(@D)
	ln -sf $(abspath sql/migrate) $@

$B/cmd/%: $B/cmd/%.o $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@.new $^ $(PQ) $(REDIS) $(JSON) $(CRYPTO) $(CURL) $(CSV) $(FCGI) && mv $@.new $@

$B/cgi-bin/%: $B/cgi-bin/%.o $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@.new $^ $(PQ) $(REDIS) $(JSON) $(CRYPTO) $(CURL) $(CSV) $(FCGI) && mv $@.new $@

# A harness is driven by libFuzzer, or where there is none by driver.c.
FUZZER := $(findstring fuzzer,$(SANITIZE))
$B/tests/fuzz/%: $B/tests/fuzz/%.o $(if $(FUZZER),,$B/tests/fuzz/driver.o) $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(if $(FUZZER),-fsanitize=fuzzer) -o $@.new $^ $(PQ) $(REDIS) $(JSON) \
	  $(CRYPTO) $(CURL) $(CSV) $(FCGI) && mv $@.new $@

fuzzes: $(FUZZES)

# What is new is kept in build/, what breaks too; a file that is worth it goes into tests/fuzz/corpus.
fuzz:
	@$(MAKE) --no-print-directory CC=clang SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' fuzzes
	@cd build/fuzzer-no-link,address,undefined/tests/fuzz && for one in $(notdir $(FUZZES)); do \
	  mkdir -p found/$$one; echo "$$one"; ./$$one -max_total_time=$(FUZZ_SECONDS) -max_len=16384 -timeout=20 \
	    -print_final_stats=1 -artifact_prefix=found/$$one- found/$$one $(abspath tests/fuzz/corpus)/$$one >$$one.log 2>&1 || \
	    { tail -n 30 $$one.log; exit 1; }; \
	  grep number_of_executed_units $$one.log; done

$B/tests/unit/%: $B/tests/unit/%.o $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@.new $^ $(PQ) $(REDIS) $(JSON) $(CRYPTO) $(CURL) $(CSV) $(FCGI) && mv $@.new $@

$B/tests/fault/%: $B/tests/fault/%.o
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@.new $^ && mv $@.new $@

$B/tests/fault/failing.so: tests/fault/failing.c
	@mkdir -p $(@D)
	@echo "  LD $@"; $(CC) $(ALL_CPPFLAGS) -O1 -Wall -Wextra $(if $(WERROR),-Werror) -fPIC -shared -o $@.new $< && mv $@.new $@

$B/tests/bench/%: $B/tests/bench/%.o $B/libfulfil.a
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@.new $^ $(PQ) $(REDIS) $(CRYPTO) $(CURL) $(FCGI) && mv $@.new $@

$B/%.o: %.c $B/sql.h | $B/needs
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CPPFLAGS) $(INCLUDES) -include lib/banned.h $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$B/sql.h: sql/embed.awk $(QUERIES)
	@mkdir -p $(@D)
	@awk -f sql/embed.awk $(QUERIES) > $@.new && mv $@.new $@

$B/openapi.h: sql/embed.awk cgi-bin/openapi.json
	@mkdir -p $(@D)
	@awk -v text=openapi_json -f sql/embed.awk cgi-bin/openapi.json > $@.new && mv $@.new $@

$B/lib/api/tables.o: $B/openapi.h

-include $(LIBRARY:%=$B/lib/%.d) $(COMMANDS:%=$B/cmd/%.d) $(CGIS:%=$B/cgi-bin/%.d) $(UNITS:%=%.d) $(BENCHES:%=%.d)

# The tests run the programs of this build; drivers speak TAP, and so do the scripts.
# The longest tests begin first, so that none is left alone in the end.
LONG := $(wildcard $(foreach number,0010 0760 0254 0050 0526 0740 0430 0431 0622 0900 0635 0670 \
	0119,tests/t$(number)-*.sh))
TESTS := $(LONG) $(filter-out $(LONG),$(sort $(wildcard tests/t[0-9]*.sh)))

test:
	@$(MAKE) --no-print-directory -j$$(nproc) testable
	@FULFIL_BUILD=$(CURDIR)/$B FULFIL_TEST_POOLER=$(POOLER) prove -f -o -j $(JOBS) --exec '' $(UNITS) $(TESTS)

# What the tests run, to be built by as many jobs as there are processors. Faults are built into commands alone.
testable: all $(UNITS) $B/tests/fault/proxy $B/tests/fault/sink $B/tests/fault/failing.so
	@$(MAKE) -s --no-print-directory FAULTS=1 $(COMMANDS:%=$B/faults/cmd/%)

unit: $(UNITS)
	@FULFIL_BUILD=$(CURDIR)/$B prove -f -o -j $(JOBS) --exec '' $(UNITS)

run: all
	@sh cron/start/run

demo:
	@sh cron/start/demo

deps:
	@sh cron/deps

# BENCH names the parts: intake recv work flat reads latency memory import lists deliver.
bench: all $(BENCHES) $B/tests/fault/sink
	@sh tests/bench.sh $(BENCH)

lint: WERROR = 1
lint: $(LIBRARY:%=$B/lib/%.o)
	@status=0; for check in tests/lint/*; do sh $$check $B || { echo "$$check failed"; status=1; }; done; \
	exit $$status

check-layers:
	@sh tests/lint/layers

# Which room of lib/ includes which, and how often.
rooms:
	@sh tests/lint/layers --print

# The page guesses columns as the importer does.
guesses:
	@awk -f cgi-bin/guesses.awk lib/catalogue/guess.c >cgi-bin/static/guesses.js

format:
	clang-format -i $(FILES)

# GNU's names, for packagers to set, and systemd's.
bindir = $(PREFIX)/bin
sbindir = $(PREFIX)/sbin
libexecdir = $(PREFIX)/libexec
datadir = $(PREFIX)/share
mandir = $(datadir)/man
docdir = $(datadir)/doc/fulfil
unitdir = $(PREFIX)/lib/systemd/system
sysusersdir = $(PREFIX)/lib/sysusers.d
tmpfilesdir = $(PREFIX)/lib/tmpfiles.d
rundir = /run/fulfil
bashdir = $(datadir)/bash-completion/completions
zshdir = $(datadir)/zsh/site-functions
fishdir = $(datadir)/fish/vendor_completions.d
INSTALL ?= install

# Installed text names the places of this installation.
COMPLETES := $(filter-out fulfil,$(COMMANDS)) fulfil-check fulfil-migrate
UNITS_SYSTEMD := $(wildcard share/systemd/*.*)
PLACED = sed -e 's|@bindir@|$(bindir)|g; s|@libexecdir@|$(libexecdir)|g; s|@rundir@|$(rundir)|g' \
	-e '/^@sandbox@$$/{r share/systemd/sandbox' -e 'd;}' \
	-e 's|/usr/local/bin|$(bindir)|g; s|/usr/local/share|$(datadir)|g; s|/usr/local/libexec|$(libexecdir)|g; s|/run/fulfil|$(rundir)|g'

install: all
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(datadir)/fulfil/sql/schema $(DESTDIR)$(docdir)
	$(INSTALL) -d $(DESTDIR)$(libexecdir)/fulfil/bridge $(DESTDIR)$(datadir)/fulfil/static/$(EDITION)
	$(INSTALL) -m 644 $(STATIC) $(DESTDIR)$(datadir)/fulfil/static
	$(foreach page,$(MANUAL:$B/manual/%=%),$(INSTALL) -m 644 $B/static/man-$(subst .,-,$(page)).html \
	  $(DESTDIR)$(datadir)/fulfil/static && ) :
	$(INSTALL) -m 644 $(EDITED) $(DESTDIR)$(datadir)/fulfil/static/$(EDITION)
	$(INSTALL) -m 755 $(COMMANDS:%=$B/cmd/%) $(DESTDIR)$(bindir)
	$(if $(CGIS),$(INSTALL) -m 755 $(CGIS:%=$B/cgi-bin/%) $(DESTDIR)$(libexecdir)/fulfil)
	$(INSTALL) -m 755 cgi-bin/bridge/* $(DESTDIR)$(libexecdir)/fulfil/bridge
	$(INSTALL) -d $(DESTDIR)$(unitdir) $(DESTDIR)$(sysusersdir) $(DESTDIR)$(tmpfilesdir)
	for file in cgi-bin/*.conf cron/crontab; do \
	  $(PLACED) $$file >$(DESTDIR)$(datadir)/fulfil/$${file##*/} || exit; done
	for file in $(UNITS_SYSTEMD); do $(PLACED) $$file >$(DESTDIR)$(unitdir)/$${file##*/} || exit; done
	$(PLACED) share/sysusers.conf >$(DESTDIR)$(sysusersdir)/fulfil.conf
	$(PLACED) share/tmpfiles.conf >$(DESTDIR)$(tmpfilesdir)/fulfil.conf
	$(INSTALL) -m 755 sql/migrate $(DESTDIR)$(datadir)/fulfil/sql
	$(INSTALL) -m 644 sql/schema/*.sql $(DESTDIR)$(datadir)/fulfil/sql/schema
	$(INSTALL) -m 644 sql/roles.sql $(DESTDIR)$(datadir)/fulfil/sql
	$(INSTALL) -d $(DESTDIR)$(sbindir) && $(INSTALL) -m 755 share/fulfil-setup $(DESTDIR)$(sbindir)
	$(INSTALL) -m 755 share/fulfil-check share/fulfil-traces $(DESTDIR)$(bindir)
	ln -sf $(datadir)/fulfil/sql/migrate $(DESTDIR)$(bindir)/fulfil-migrate
	$(INSTALL) -d $(DESTDIR)$(bashdir) $(DESTDIR)$(zshdir) $(DESTDIR)$(fishdir)
	$(INSTALL) -m 644 $B/completion/fulfil.bash $(DESTDIR)$(bashdir)/fulfil
	$(INSTALL) -m 644 $B/completion/_fulfil $(DESTDIR)$(zshdir)
	$(INSTALL) -m 644 $B/completion/fulfil.fish $(DESTDIR)$(fishdir)
	for name in $(COMPLETES); do \
	  ln -sf fulfil $(DESTDIR)$(bashdir)/$$name && ln -sf fulfil.fish $(DESTDIR)$(fishdir)/$$name.fish || exit; done
	$(INSTALL) -d $(DESTDIR)$(datadir)/fulfil/prometheus $(DESTDIR)$(datadir)/fulfil/grafana
	$(INSTALL) -m 644 share/prometheus/* $(DESTDIR)$(datadir)/fulfil/prometheus
	$(INSTALL) -m 644 share/grafana/* $(DESTDIR)$(datadir)/fulfil/grafana
	$(INSTALL) -d $(DESTDIR)$(datadir)/fulfil/lnav && $(INSTALL) -m 644 share/lnav/* $(DESTDIR)$(datadir)/fulfil/lnav
	$(INSTALL) -d $(DESTDIR)$(datadir)/fulfil/schema && $(INSTALL) -m 644 $B/schema/record.json $(DESTDIR)$(datadir)/fulfil/schema
	$(INSTALL) -m 644 share/*.md $(DESTDIR)$(docdir)
	$(INSTALL) -m 644 CHANGELOG.md SECURITY.md $(DESTDIR)$(docdir)
	$(PLACED) README.md >$(DESTDIR)$(docdir)/README.md
	$(INSTALL) -m 644 LICENSE .env.example $(DESTDIR)$(docdir)
	for page in cmd/*.[1-8]; do section=$(mandir)/man$${page##*.}; \
	  $(INSTALL) -d $(DESTDIR)$$section && $(INSTALL) -m 644 $$page $(DESTDIR)$$section || exit; done

uninstall:
	rm -f $(COMMANDS:%=$(DESTDIR)$(bindir)/%) $(DESTDIR)$(bindir)/fulfil-migrate \
	  $(DESTDIR)$(bindir)/fulfil-check $(DESTDIR)$(bindir)/fulfil-traces $(DESTDIR)$(sbindir)/fulfil-setup
	rm -f $(UNITS_SYSTEMD:share/systemd/%=$(DESTDIR)$(unitdir)/%)
	rm -f $(DESTDIR)$(sysusersdir)/fulfil.conf $(DESTDIR)$(tmpfilesdir)/fulfil.conf
	for page in cmd/*.[1-8]; do rm -f $(DESTDIR)$(mandir)/man$${page##*.}/$${page#cmd/}; done
	rm -f $(DESTDIR)$(bashdir)/fulfil $(DESTDIR)$(zshdir)/_fulfil $(DESTDIR)$(fishdir)/fulfil.fish \
	  $(COMPLETES:%=$(DESTDIR)$(bashdir)/%) $(COMPLETES:%=$(DESTDIR)$(fishdir)/%.fish)
	rm -rf $(DESTDIR)$(libexecdir)/fulfil $(DESTDIR)$(datadir)/fulfil $(DESTDIR)$(docdir)

# A package for this machine's Debian, into build/deb: of the files that git knows, or all of them.
deb:
	@sh share/deb $(CURDIR)/build/deb

# A backup under load, a loss, and a restore: see fulfil-operation(7).
drill: all
	@DRILL_SECONDS=30 FULFIL_BUILD=$(CURDIR)/$B sh tests/t0836-drill.sh

# A lab of hosts and one fault, or each of them: FAULT, SEED, SECONDS_EACH; see tests/hosts.sh.
FAULT ?= kill-9
hosts: all
	@FULFIL_BUILD=$(CURDIR)/$B sh tests/hosts.sh $(FAULT)

# The package on a bare Debian of its own: SUITE=bookworm or trixie, PARTS of tests/package/.
SUITE ?= bookworm
package:
	@sh tests/package.sh $(SUITE) $(PARTS)

clean:
	rm -rf build

.PHONY: all static completion run demo deps test testable bench fuzz fuzzes unit lint check-layers rooms guesses format deb drill hosts package install uninstall clean
.SECONDARY:
