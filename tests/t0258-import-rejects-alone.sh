#!/bin/sh
# fulfil-import: a file of rejected rows, mended, is imported without the rest; files one after another.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

table() {
	psqlq "select sku, name, price, coalesce(category, '-'), active from products where deleted_at is null order by lower(sku)"
}
clear() {
	psqlq 'truncate products cascade' >/dev/null
}
# What comes of the file with BAD turned to 5, in one piece and by its rejects.
alone() { # NAME FILE OPTION…
	name=$1 file=$2
	shift 2
	sed 's/BAD/5/g' "$file" >right.csv
	clear
	exit_is 0 "$name: mended beforehand" -- fulfil-import "$@" <right.csv
	want=$(table)
	clear
	exit_is 65 '... with faults' -- fulfil-import --rejects bad.csv "$@" <"$file"
	is "$(unlawful)" '' '... and the law holds'
	sed 's/BAD/5/g' bad.csv >mended.csv
	exit_is 0 '... mended alone' -- fulfil-import "$@" <mended.csv
	is "$(table)" "$want" '... comes to the same'
}

cat >shopify.csv <<'END'
Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Status
tee,"A ""Tee""",<p>Soft</p>,V,Shirts,true,Size,S,T-S,4,http://x/1,active
tee,,,,,,,M,T-M,BAD,,
tee,,,,,,,L,T-L,BAD,http://x/2,
mug,Mug,,V,Cups,true,Title,Default Title,MUG,BAD,,draft
cap,Cap,,V,Hats,true,Size,S,C-S,BAD,,active
cap,,,,,,,M,C-M,BAD,,
cap,,,,,,,L,C-L,7,,
,,,,,,,XL,,BAD,,
END
alone 'Shopify' shopify.csv
is "$(grep -c 'A ""Tee""' bad.csv) $(grep -c 'Cap' bad.csv)" '2 1' '... what a rejected row says is not said again'

cat >woo.csv <<'END'
ID,Type,SKU,Name,Published,Regular price,Categories,Parent,Attribute 1 value(s)
1,variable,HOOD,Hoodie,1,,Clothing,,
2,variation,H-R,,1,BAD,,HOOD,Red
3,variation,H-B,,1,42,,HOOD,Blue
4,variation,H-G,,1,BAD,,id:1,Green
END
alone 'WooCommerce' woo.csv

# The first row of a product cannot be read: those below it are none of the product before it.
cat >spoiled.csv <<'END'
Handle,Title,Variant SKU,Variant Price,Option1 Value,Image Src,Body (HTML)
tee,Tee,T-S,4,S,,
cap,"Cap" no,C-S,4,S,,
cap,,C-M,4,M,,
END
clear
exit_is 65 'a spoiled first row' -- fulfil-import --rejects bad.csv <spoiled.csv
is "$(table | cut -d'|' -f1,2)" 'T-S|Tee - S' '... keeps its variants out'
sed 's/"Cap" no/Cap/' bad.csv >mended.csv
exit_is 0 '... until it is mended' -- fulfil-import <mended.csv
is "$(table | cut -d'|' -f1,2 | tr '\n' ' ')" 'C-M|Cap - M C-S|Cap - S T-S|Tee - S ' '... with them'

# One file after another.
clear
printf 'name,sku\nOne,A-1\nTwo,A-2\nThree,A-3\n' >a.csv
printf 'price,sku,active\n5,A-1,no\n6,A-2,maybe\n7,NO-1,yes\n' >b.csv
printf 'category,colour,name,sku\nHats,red,Four,A-4\nCaps,blue,One again,A-1\nCups,,,A-5\n' >c.csv
exit_is 65 'three headers' -- sh -c 'cat a.csv b.csv c.csv | fulfil-import --rejects bad.csv'
is "$(counts)" '[9,4,2,0,0,3,"partial"]' '... count as three files'
is "$(unlawful)" '' '... and the law holds'
is "$(table)" 'A-1|One again|5|Caps|f
A-2|Two||-|t
A-3|Three||-|t
A-4|Four||Hats|t' '... and come to the same'
is "$(sed 's/"\(""\|[^"]\)*"/r/' bad.csv)" 'reject_line,reject_reason,price,sku,active
7,r,6,A-2,maybe
8,r,7,NO-1,yes
reject_line,reject_reason,category,colour,name,sku
12,r,Cups,,,A-5' '... each reject below its header'
sed 's/maybe/no/g; s/,,,A-5/,,Five,A-5/; s/NO-1/A-3/' bad.csv >mended.csv
exit_is 0 '... mended' -- fulfil-import <mended.csv
is "$(counts)" '[3,1,2,0,0,0,"ok"]' '... and imported'
is "$(table)" 'A-1|One again|5|Caps|f
A-2|Two|6|-|f
A-3|Three|7|-|t
A-4|Four||Hats|t
A-5|Five||Cups|t' '... all of it'
exit_is 65 'a limit' -- sh -c 'sed s/5,A-1/6,A-1/ b.csv | cat a.csv - c.csv | fulfil-import --max-errors 2'
is "$(table | head -1)" 'A-1|One again|5|Caps|f' '... is of all of them: nothing is changed'

# The same columns in another order, with a reject on both sides.
printf 'sku,name,price\nB-1,One,BAD\nB-2,Two,2\nname,price,sku\nThree,BAD,B-3\nTwo too,3,b-2\n' >turned.csv
exit_is 65 'columns in another order' -- fulfil-import --rejects bad.csv <turned.csv
is "$(counts)" '[4,1,0,0,1,2,"partial"]' '... are one file'
sed 's/BAD/5/g' bad.csv >mended.csv
exit_is 0 '... and its rejects' -- fulfil-import <mended.csv
is "$(table | grep '^[bB]' | cut -d'|' -f1-3 | tr '\n' ' ')" 'B-1|One|5 b-2|Two too|3 B-3|Three|5 ' '... are mended as they were'
printf 'sku,name\nQ-1,One\nname,price,sku,price\nTwo,1,Q-2,1\n' >twice.csv
exit_is 65 'another header that cannot be used' -- fulfil-import <twice.csv
like "$ERR" 'other_header: line 3 .*duplicate_column' '... ends it, with the reason'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
