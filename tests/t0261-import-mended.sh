#!/bin/sh
# fulfil-import: what it says of a file that needs an option, and rejected rows with the options of the
# first run.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

stored() {
	psqlq "select sku, name, price, on_hand from products left join stock on product_id = id order by lower(sku)" | tr '\n' ' '
}

# A supplier's list: lines before the header, a decimal comma, Windows-1252, names of its own.
printf 'Liste\n\nArtikelnummer;Text;Preis;Bestand\nA-1;Caf\351;1.234,50;3\nA-2;B;12,50;zehn\nA-3;C;1,00;x\n' >list.csv
exit_is 65 'a list with bad rows' -- fulfil-import --stock --header-line 3 --encoding WINDOWS-1252 \
	-m 'Text=name' --rejects bad.csv <list.csv
like "$ERR" 'import the mended rows as these were: fulfil-import --stock --decimal , --map Text=name < bad.csv' '... names the options that its rejects need'
is "$(stored)" 'A-1|Café|1234.50|3 ' '... and has the good one'
sed 's/zehn$/10/; s/;x$/;4/; s/;12,50;/;1.250;/' bad.csv >mended.csv
exit_is 0 'the mended rows with the options of the first run' -- fulfil-import --stock --header-line 3 \
	--encoding WINDOWS-1252 --decimal , -m 'Text=name' <mended.csv
is "$(stored)" 'A-1|Café|1234.50|3 A-2|B|1250|10 A-3|C|1.00|4 ' '... are what they mean'
printf 'sku,name\n,x\n' >plain.csv
exit_is 65 'rows that need no option' -- fulfil-import --rejects bad.csv <plain.csv
is "$(printf '%s\n' "$ERR" | grep -c 'import the mended')" 0 '... are not explained'

printf 'sku,name\nA-9,Caf\351\nA-8,Caf\351\n' >latin.csv
exit_is 65 'rows that are not UTF-8' -- fulfil-import <latin.csv
like "$ERR" 'rows that are not UTF-8: 2; .* --encoding WINDOWS-1252' '... say once what may help'
printf '"sku","name"\n"A-9,x"\n' >quoted.csv
exit_is 65 'a line in quotes' -- fulfil-import <quoted.csv
like "$ERR" 'too_few_fields: the whole line stands in quotes' '... is told as that'
printf 'ART-5,12\nART-6,3\n' >bare.csv
exit_is 65 'a file without a header' -- fulfil-import <bare.csv
like "$ERR" ' --columns sku,quantity,-' '... says how to name its columns'
printf 'sku,name,price,Price\nA-5,Five,5,9\n' >twice.csv
exit_is 65 'a name twice' -- fulfil-import <twice.csv
like "$ERR" 'are both the column price: rename one, or .*--columns sku,name,price,- --header-line 2' '... says a way'
exit_is 0 '... that works' -- fulfil-import --columns sku,name,price,- --header-line 2 <twice.csv
is "$(psqlq "select price from products where sku = 'A-5'")" 5 '... and takes the one that was meant'

# The export for a spreadsheet is known by its last column.
printf "name,sku,spreadsheet\n'=1+1,'00042,\n'x,''1E5,\n" >sheet.csv
exit_is 0 'marks of a file for a spreadsheet' -- fulfil-import <sheet.csv
is "$(psqlq "select sku, name from products where name in ('=1+1', '''x') order by name" | tr '\n' ' ')" "'1E5|'x 00042|=1+1 " '... are taken off without being told'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "warning")')" '' '... or a word'
exit_is 0 'its header, explained' -- fulfil-import --explain <sheet.csv
like "$OUT" 'spreadsheet.*which are taken off' '... says so'
done_testing
