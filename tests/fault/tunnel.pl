#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# tunnel: a plain HTTP proxy that knows CONNECT alone. usage: tunnel.pl PORTFILE LOG [USER:PASSWORD]
# Listens on a free port of 127.0.0.1, writes it to PORTFILE, and the first line of each request to LOG.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use MIME::Base64;

my ($portfile, $log, $who) = @ARGV;
my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64) or die "tunnel: $!\n";
$SIG{CHLD} = 'IGNORE';
open my $out, '>>', $log or die "$log: $!\n";
$out->autoflush(1);
open my $port, '>', "$portfile.new" or die "$portfile: $!\n";
print $port $listen->sockport;
close $port;
rename "$portfile.new", $portfile;

sub carry {
	my ($one, $other) = @_;
	my $both = IO::Select->new($one, $other);
	while (my @ready = $both->can_read(60)) {
		for my $from (@ready) {
			return unless sysread $from, my $piece, 65536;
			syswrite $from == $one ? $other : $one, $piece;
		}
	}
	return;
}

sub serve {
	my ($client) = @_;
	my $head = '';
	while ($head !~ /\r\n\r\n/) {
		return unless sysread $client, $head, 65536, length $head;
	}
	my ($line) = $head =~ /^(.*?)\r\n/;
	print $out "$line\n";
	my $answer = '200 OK';
	$answer = '405 Only CONNECT' unless $line =~ /^CONNECT (\S+) HTTP/;
	my $to = $1;
	my $given = $head =~ /^Proxy-Authorization: Basic (\S+)\r$/mi ? decode_base64($1) : '';
	$answer = '407 Who' if $who and $given ne $who;
	my $server;
	if ($answer =~ /^200/) {
		$server = IO::Socket::INET->new(PeerAddr => $to, Timeout => 5) or $answer = '502 Away';
	}
	syswrite $client, "HTTP/1.1 $answer\r\nX-Proxy: here\r\n\r\n";
	carry($client, $server) if $server;
	return;
}

while (1) {
	my $client = $listen->accept or next;
	next if fork;
	serve($client);
	exit 0;
}
