#!/bin/sh
# fulfil-import: the result of each row, for any content of the table and any place in the file.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

# imports STATUS COUNTS NAME -- COMMAND…: what a run says, and that the law and the audit hold.
imports() {
	want=$1 expected=$2 name=$3
	shift 4
	exit_is "$want" "$name" -- "$@"
	is "$(counts)" "$expected" "... $expected"
	is "$(unlawful)" '' '... and the law holds'
}
# catalogue FIRST LAST NAME: rows of a generated file.
catalogue() {
	awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { print "sku,name,description"
		for (i = a; i <= b; i++) printf "SKU-%06d,\"%s %d\",\"about \"\"%d\"\"\"\n", i, n, i, i }'
}
product() {
	psqlq "select sku, name, description, category, price, active from products where sku ilike '$1' and deleted_at is null"
}

catalogue 1 25000 Lamp >new.csv
imports 0 '[25000,25000,0,0,0,0,"ok"]' 'new products' -- fulfil-import <new.csv
is "$(product sku-000007)" 'SKU-000007|Lamp 7|about "7"|||t' '... as the file has them'
version=$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')
imports 0 '[25000,0,0,25000,0,0,"ok"]' 'the same again, through a pipe' -- sh -c 'cat new.csv | fulfil-import'
is "$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')" "$version" '... rewrites nothing'
catalogue 1 25000 Lantern >changed.csv
imports 0 '[25000,0,25000,0,0,0,"ok"]' 'all changed' -- fulfil-import <changed.csv
is "$(product sku-000007)" 'SKU-000007|Lantern 7|about "7"|||t' '... and so they are'
is "$(psqlq "select count(*) from products where updated_at > created_at")" 25000 '... with the time of it'
is "$(psqlq "select task_name, status, details->>'updated' from sync_logs order by id desc limit 1")" \
	'import_products|success|25000' '... and each run is logged'

# A later row supersedes an earlier one wherever the two went: 10,000 rows are a chunk, and one with
# a SKU that is taken is merged at the end.
psqlq "delete from products where sku <> 'SKU-000001'"
{
	catalogue 2 25000 Lamp
	echo 'sku-000002,second,'
	echo 'SKU-000003,third,x'
} >late.csv
imports 0 '[25001,24999,0,0,2,0,"ok"]' 'a later row of a new product' -- fulfil-import <late.csv
is "$(product sku-000002)" 'sku-000002|second||||t' '... counts'
is "$(product sku-000003)" 'SKU-000003|third|x|||t' '... also in the other case'
psqlq "delete from products where sku <> 'SKU-000001'"
{
	echo 'sku,name'
	echo 'SKU-000001,first'
	echo 'X-1,early'
	catalogue 2 40000 Lamp | sed -n '2,$s/,"about.*//p'
	echo 'x-1,late'
	echo 'SKU-000001,last'
} >early.csv
imports 0 '[40003,40000,1,0,2,0,"ok"]' 'a product that was put aside, then inserted' -- fulfil-import <early.csv
is "$(product x-1)" 'x-1|late||||t' '... is what the last row says'
is "$(product sku-000001)" 'SKU-000001|last|about "1"|||t' '... and so is an old one'
psqlq "delete from products"
psqlq "insert into products (sku, name) values ('A', 'old')"
printf 'sku,name\na,new\nB,b\nA,old\n' >back.csv
imports 0 '[3,1,0,1,1,0,"ok"]' 'a product that is changed and changed back is unchanged' -- fulfil-import <back.csv
printf 'sku,name\nA,1\na,2\n A ,3\n' >three.csv
imports 0 '[3,0,1,0,2,0,"ok"]' 'three rows of one product' -- fulfil-import <three.csv
like "$ERR" 'line 2: superseded: line 4 ' '... and the lines are named'

# Columns
printf 'sku,name,description,category,price,active,reorder level\nC,c,d,e,9.90,no,5\n' >full.csv
imports 0 '[1,1,0,0,0,0,"ok"]' 'every column' -- fulfil-import <full.csv
is "$(product c)" 'C|c|d|e|9.90|f' '... is taken'
printf 'sku,name\nC,cc\n' >few.csv
imports 0 '[1,0,1,0,0,0,"ok"]' 'columns that are absent' -- fulfil-import <few.csv
is "$(product c)" 'C|cc|d|e|9.90|f' '... are kept'
printf 'sku,name,description,category,price,active,reorder level\nC,cc,,,,,\n' >blank.csv
imports 0 '[1,0,1,0,0,0,"ok"]' 'blank values' -- fulfil-import <blank.csv
is "$(product c)" 'C|cc||||f' '... are null, but for active'
imports 0 '[1,0,0,1,0,0,"ok"]' '... and then unchanged' -- fulfil-import <blank.csv
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo "R$i,r"; done | sed '1i sku,name' >r.csv
imports 0 '[20,20,0,0,0,0,"ok"]' 'active at random' -- fulfil-import --active random <r.csv
is "$(psqlq "select count(distinct active) from products where sku like 'R%'")" 2 '... is both (but once in a million)'
version=$(psqlq "select string_agg(active::text, ',' order by id) from products")
imports 0 '[20,0,0,20,0,0,"ok"]' '... and is kept' -- fulfil-import --active no <r.csv
is "$(psqlq "select string_agg(active::text, ',' order by id) from products")" "$version" '... for good'
imports 0 '[1,1,0,0,0,0,"ok"]' '--active no' -- sh -c 'printf "sku,name\nN,n\n" | fulfil-import --active no'
is "$(product n)" 'N|n||||f' '... makes it so'

# A dry run is the same without the end of it.
version=$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')
logs=$(psqlq 'select count(*) from sync_logs')
printf 'sku,name\nC,ccc\nNEW,n\nA,3\n,none\n' >dry.csv
imports 65 '[4,1,1,1,0,1,"partial"]' 'a dry run' -- fulfil-import -n <dry.csv
is "$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')" "$version" '... changes nothing'
is "$(psqlq 'select count(*) from sync_logs')" "$logs" '... and is no run'
imports 65 '[4,1,1,1,0,1,"partial"]' 'the real one' -- fulfil-import <dry.csv

# A deleted product's SKU is free.
psqlq "update products set deleted_at = now() where sku = 'NEW'"
imports 65 '[4,1,0,2,0,1,"partial"]' 'the SKU of a deleted product' -- fulfil-import <dry.csv
is "$(psqlq "select count(*) from products where sku = 'NEW'")" 2 '... is a new product'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
