# receiver.pl FILE ADDRESS PORT: takes what webhooks send and answers 200; a line of FILE for each, the
# external_id of the order that it is about, once it is written.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($file, $address, $port) = @ARGV;
open my $out, '>>', $file or die;
my $listener = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 128, ReuseAddr => 1) or die $!;
my $select = IO::Select->new($listener);
my %got;
while (1) {
	for my $s ($select->can_read) {
		if ($s == $listener) {
			my $new = $s->accept or next;
			$select->add($new);
			$got{$new} = '';
			next;
		}
		unless (sysread $s, $got{$s}, 65536, length $got{$s}) {
			delete $got{$s};
			$select->remove($s);
			close $s;
			next;
		}
		while ($got{$s} =~ /\r\n\r\n/) {
			my ($head, $rest) = ($`, $');
			my ($length) = $head =~ /^content-length: *(\d+)/im;
			last if length $rest < ($length || 0);
			my $body = substr $rest, 0, $length || 0;
			$got{$s} = substr $rest, $length || 0;
			syswrite $out, "$1\n" if $body =~ /"external_order_id": *"?(\d+)/;
			syswrite $s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
		}
	}
}
