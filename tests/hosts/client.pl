# client.pl JOURNAL RATE ADDRESS…: signed orders, RATE a second, to the addresses by turns, each sent again
# until it is acknowledged, by eight processes; ids are counted from $FIRST, 1 without. Ends once
# JOURNAL.end is there and all are. A line of the journal for each answer: the time in ms, the id of the
# order, the status (0: no answer in 5 s), the ms it took, and who was asked.
use strict;
use warnings;
use Digest::SHA 'hmac_sha256_base64';
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

my ($journal, $rate, @to) = @ARGV;
my $clients = 8;
my $first = $ENV{FIRST} || 1;
my $secret = $ENV{SHOPIFY_WEBHOOK_SECRET};

sub ask {
	my ($address, $body) = @_;
	my $end = time + 5;
	my $s = IO::Socket::INET->new(PeerAddr => $address, PeerPort => 8080, Timeout => 2) or return 0;
	my $mac = hmac_sha256_base64($body, $secret);
	$mac .= '=' while length($mac) % 4;
	print $s "POST /webhooks/shopify/orders HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nContent-Type: application/json\r\n",
		"X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: shop.myshopify.com\r\nX-Shopify-Hmac-Sha256: $mac\r\n",
		'Content-Length: ', length $body, "\r\n\r\n$body";
	$s->flush;
	my $got = '';
	my $select = IO::Select->new($s);
	while ((my $left = $end - time) > 0) {
		next unless $select->can_read($left);
		last unless sysread $s, $got, 4096, length $got;
		return $1 if $got =~ m{^HTTP/1.1 (\d+) .*\r\n\r\n}s;
	}
	return 0;
}

for my $n (0 .. $clients - 1) {
	next if fork;
	$SIG{PIPE} = 'IGNORE';
	open my $out, '>>', $journal or die;
	my $turn = $n;
	my $due = time + $n / $rate;
	for (my $id = $first + $n; !-e "$journal.end"; $id += $clients) {
		my $wait = $due - time;
		sleep $wait if $wait > 0;
		$due = time if $due < time - 1;
		$due += $clients / $rate;
		my $body = sprintf '{"id":%d,"line_items":[{"id":%d,"sku":"S%d","quantity":1}]}', $id, $id, 1 + $id % 3;
		while (1) {
			my $from = time;
			my $whom = $to[$turn++ % @to];
			my $status = ask($whom, $body);
			syswrite $out, sprintf "%d %d %d %d %s\n", time * 1000, $id, $status, (time - $from) * 1000, $whom;
			last if $status =~ /^2/;
			sleep 0.3;
		}
	}
	exit 0;
}
1 while wait > 0;
