#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# names: a name server on port 53 of 127.0.0.1, over UDP and TCP. usage: names.pl READY
# The first label of a name decides the answer:
#   a-1-2-3-4-5-6-7-8    these addresses in turn, four numbers each; v6 instead: the black hole
#   nx, servfail, empty  no such name, a failure, no address
#   stall                nothing ever
#   loop                 an alias of itself
#   many                 1000 addresses
#   turn                 a public address when first asked, then 127.0.0.1
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my %asked;
my $v6 = pack 'n8', 0x2606, 0x2800, 0, 0, 0, 0, 0, 1;

sub record { # TYPE DATA: one that belongs to the name asked for, to be forgotten at once
	return pack('n n n N n/a*', 0xc00c, $_[0], 1, 0, $_[1]);
}

sub answers { # LABEL TYPE
	my ($label, $type) = @_;
	return map { record(28, $v6) } $label =~ /v6/g if $type == 28;
	return () if $type != 1;
	return map { record(1, pack 'C4', 93, 184, $_ >> 8, $_ & 255) } 1 .. 1000 if $label eq 'many';
	return record(1, $asked{$label}++ ? pack('C4', 127, 0, 0, 1) : pack('C4', 93, 184, 9, 9)) if $label =~ /^turn/;
	my @numbers = $label =~ /\d+/g;
	@numbers = grep { !/^6$/ } @numbers if $label =~ /v6/;
	my @found;
	push @found, record(1, pack 'C4', splice @numbers, 0, 4) while @numbers >= 4;
	return @found;
}

sub reply { # QUERY MOST: the answer, cut to MOST bytes; nothing for one that stalls
	my ($query, $most) = @_;
	my ($id) = unpack 'n', $query;
	my ($at, @labels) = 12;
	while ((my $n = ord substr $query, $at, 1) > 0) {
		push @labels, substr $query, $at + 1, $n;
		$at += $n + 1;
	}
	my ($type) = unpack 'n', substr $query, $at + 1, 2;
	my ($label, $question) = (lc $labels[0], substr $query, 12, $at - 7);
	return if $label eq 'stall';
	my $code = { nx => 3, servfail => 2 }->{$label} // 0;
	my @found = $label eq 'loop' ? record(5, pack 'n', 0xc00c) : answers($label, $type);
	my $whole = pack('n6', $id, 0x8580 | $code, 1, scalar @found, 0, 0) . $question . join '', @found;
	return $whole if length $whole <= $most;
	return pack('n6', $id, 0x8780, 1, 0, 0, 0) . $question;
}

my %own = (LocalAddr => '127.0.0.1', LocalPort => 53);
my $udp = IO::Socket::INET->new(%own, Proto => 'udp') or die "$!";
my $tcp = IO::Socket::INET->new(%own, Listen => 64, ReuseAddr => 1) or die "$!";
open(my $ready, '>', $ARGV[0]) or die "$!";
close $ready;
my $select = IO::Select->new($udp, $tcp);
while (my @some = $select->can_read) {
	for my $s (@some) {
		if ($s == $udp) {
			my $from = recv $udp, my $query, 4096, 0;
			my $answer = reply($query, 512);
			send $udp, $answer, 0, $from if defined $answer;
		} else {
			my $c = $tcp->accept or next;
			while ((read $c, my $length, 2) == 2) {
				read $c, my $query, unpack 'n', $length;
				print $c pack 'n/a*', reply($query, 65535);
				$c->flush;
			}
			close $c;
		}
	}
}
