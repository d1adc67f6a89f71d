#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# rude: a server that cannot keep silent, or listen. usage: rude.pl READY talk | reset | full [ADDRESS PORT]
# talk greets as servers of other protocols do; reset hangs up on whatever it hears; full has no room
# for a connection, so that those who knock hear nothing. READY gets the port.
use strict;
use warnings;
use IO::Socket::IP;
use Socket qw(SOL_SOCKET SO_LINGER);

my ($file, $mode, $address, $port) = @ARGV;
my %own = $mode eq 'full' ? (LocalHost => '::', V6Only => 1, LocalPort => $port, GetAddrInfoFlags => 0) : (LocalHost => '127.0.0.1');
my $listener = IO::Socket::IP->new(%own, Listen => $mode eq 'full' ? 1 : 16) or die "$!";
my @knocks = map { IO::Socket::IP->new(PeerHost => $address, PeerPort => $port, GetAddrInfoFlags => 0, Blocking => 0) } 1 .. 4 * ($mode eq 'full');
open(my $out, '>', $file) or die "$!";
print $out $listener->sockport, "\n";
close $out;
sleep if $mode eq 'full';
while (my $c = $listener->accept) {
	if ($mode eq 'talk') {
		print $c "220 mail.example ESMTP\r\n";
	} else {
		sysread $c, my $heard, 1;
		setsockopt $c, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0);
	}
	close $c;
}
