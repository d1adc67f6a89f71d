#!/usr/bin/perl
# signed.pl: signed orders as a configuration for curl, which prints the status of each answer:
#   signed.pl URL SECRET SHOP FIRST_ID COUNT SKU… >orders.curl; curl --rate 50/s -K orders.curl
use strict;
use warnings;
use Digest::SHA 'hmac_sha256';
use MIME::Base64;

my ($url, $secret, $shop, $first, $count, @skus) = @ARGV;
for my $id ($first .. $first + $count - 1) {
	my $sku = $skus[$id % @skus];
	my $body = qq({"id":$id,"currency":"EUR","total_price":"9.90",)
	    . qq("line_items":[{"id":$id,"sku":"$sku","quantity":1,"price":"9.90"}]});
	my $signature = encode_base64(hmac_sha256($body, $secret), '');
	(my $quoted = $body) =~ s/"/\\"/g;
	print "next\n" if $id > $first;
	print qq(url = "$url"\noutput = "/dev/null"\nwrite-out = "%{stderr}%{http_code}\\n"\nsilent\nmax-time = 60\n),
	    qq(header = "Content-Type: application/json"\nheader = "X-Shopify-Topic: orders/create"\n),
	    qq(header = "X-Shopify-Shop-Domain: $shop"\nheader = "X-Shopify-Hmac-Sha256: $signature"\n),
	    qq(data-binary = "$quoted"\n);
}
