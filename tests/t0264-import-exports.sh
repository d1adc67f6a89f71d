#!/bin/sh
# fulfil-import: what exports of other systems have in them besides products in order.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

stored() { # what is there; all of it goes
	psqlq "select sku, name, price, active, on_hand, description from products p left join stock s on s.product_id = p.id order by lower(sku)"
	psqlq 'truncate products, stock, ledger, imports, import_changes cascade' 2>/dev/null
}
warned() {
	printf '%s\n' "$OUT" | jq -r 'select(.type == "warning" and (.code | IN("format", "unknown_columns", "several_prices") | not)) | .code' | tr '\n' ' '
}

# Amazon's report has quotes as they come, in a name or in front of it; a spreadsheet quotes it.
printf 'item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\tasin1\tstatus\n' >amazon.tsv
printf 'Vase 24" wide\t"A" vase, "B"\t1\tV-1\t20\t3\tB01\tActive\n"Calm" The Sea [CD]\t"\t2\tC-1\t0.02\t1\tB02\tInactive\n' >>amazon.tsv
printf '"Box, ""big"""\t"x"\t3\tX-1\t5\t\tB03\tActive\n' >>amazon.tsv
for most in 1 7 100000; do
	exit_is 0 "quotes between TABs, by $most" -- sh -c "dd bs=$most <amazon.tsv 2>/dev/null | fulfil-import --stock"
	is "$(stored)" 'C-1|"Calm" The Sea [CD]|0.02|f|1|"
V-1|Vase 24" wide|20|t|3|"A" vase, "B"
X-1|Box, "big"|5|t||x' '... are characters like any other'
done
printf 'Bad\t\t4\tD-1\t"5" or so\t\tB03\tActive\n' >>amazon.tsv
exit_is 65 'a price that is none' -- fulfil-import --stock --rejects bad.csv <amazon.tsv
stored >before
sed 's/"5" or so/5/' bad.csv >mended.csv
exit_is 0 '... mended' -- fulfil-import --stock <mended.csv
is "$(stored)" 'D-1|Bad|5|t||' '... is read in the same way'

cat >etsy.csv <<-'END'
	TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,MATERIALS,IMAGE1,VARIATION 1 TYPE,VARIATION 1 NAME,VARIATION 1 VALUES,SKU
	"Rope, large","24"" long",45.00,EUR,3,rope,cotton,https://a/1.jpg,,,,ROPE
	New Ring,desc,6.15,EUR,3,ring,,,,,,
END
exit_is 0 'a listing without a SKU' -- fulfil-import --stock <etsy.csv
is "$(stored) $(warned)" 'New Ring|New Ring|6.15|t|3|desc
ROPE|Rope, large|45.00|t|3|24" long sku_made ' '... has its title'

cat >loyverse.csv <<-'END'
	Handle,SKU,Name,Category,Sold by weight,Option 1 name,Option 1 value,Default price,Track stock,Available for sale [Main],Price [Main],In stock [Main],In stock [Two]
	tea,100,Tea,Drinks,N,,,1.40,Y,Y,1.40,24,6
	nuts,101,Nuts,Food,Y,,,12.00,Y,Y,12.00,12.5,0.75
	milk,102,Milk,Drinks,N,Size,S,variable,N,Y,variable,,
END
exit_is 0 'what is sold by weight' -- fulfil-import --stock <loyverse.csv
is "$(stored) $(warned)" '100|Tea|1.40|t|30|
101|Nuts|12.00|t|12|
102|Milk - S||t|| fractional_quantity ' '... is there in whole units'

cat >square.csv <<-'END'
	Token,Item Name,Variation Name,SKU,Description,Category,Price,Current Quantity Main,New Quantity Main
	T1,Burger,Regular,B-1,x,Food,120,3,
	T2,,Large,B-2,,,140,4,
	T3,Plate,Regular,P-1,,Home,9,,
END
exit_is 0 'a variation below its item' -- fulfil-import --stock <square.csv
is "$(stored)" 'B-1|Burger|120|t|3|x
B-2|Burger - Large|140|t|4|x
P-1|Plate|9|t||' '... is of it'

cat >bigcommerce.csv <<-'END'
	Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Low Stock,Price,Categories,Description,Is Visible
	Product,77,Towel,physical,TOW,,variant,0,0,49.00,18;23,d,TRUE
	Variant,101,,,TOW-S,Type=Rectangle|Name=Size|Value=S,,12,1,,,,
	Variant,102,,,TOW-LR,Type=Rectangle|Name=Size|Value=LType=Swatch|Name=Color|Value=Red[#f00],,3,1,55.00,,,
END
exit_is 0 'options with their names' -- fulfil-import --stock <bigcommerce.csv
is "$(stored)" 'TOW-LR|Towel - L / Red|55.00|t|3|d
TOW-S|Towel - S|49.00|t|12|d' '... are their values, and their product is only a parent'

printf 'ID;Image;Nom;Référence;Catégorie;Prix (HT);Prix (TTC);Quantité;État\n1;;T-shirt;d-1;Hommes;23,90 €;28,68 €;240;Activé\n2;;Pull;;Femmes;1 235,90 €;1 483,08 €;0;Désactivé\n' >presta.csv
exit_is 0 'a list in French' -- fulfil-import --stock <presta.csv
is "$(stored)" 'd-1|T-shirt|23.90|t|240|
id:2|Pull|1235.90|f|0|' '... needs no option'
printf 'ID,Type,UGS,Nom,Publié,Stock,"Tarif régulier",Catégories,Parent,"Nom de l\342\200\231attribut 1","Valeur(s) de l\342\200\231attribut 1"\n1,simple,CH,Chaise,1,3,"15 000 Fcfa",M,,,\n2,simple,TA,Table,1,,"1 250,50",M,,,\n' >woo.csv
exit_is 0 'prices in quotes with a comma' -- fulfil-import --stock <woo.csv
is "$(stored)" 'CH|Chaise|15000|t|3|
TA|Table|1250.50|t||' '... have a decimal comma'
cat >variations.csv <<-'END'
	ID,Type,SKU,Name,Published,Stock,"Regular price",Parent,"Attribute 1 name","Attribute 1 value(s)"
	1,variable,TEE,Tee,1,,,,Color,"Red, Blue"
	2,variation,TEE-R,Tee,1,2,12,TEE,Color,Red
	3,variation,TEE-B,Tee - Blue,1,3,dear,id:1,Color,Blue
	4,variation,TEE-G,Tee,1,3,dear,TEE,Color,Green
END
exit_is 65 'a variation with the name of its parent' -- fulfil-import --stock --rejects bad.csv <variations.csv
is "$(stored)" 'TEE-R|Tee - Red|12|t|2|' '... is told from others'
sed 's/,dear,/,13,/' bad.csv >mended.csv
exit_is 0 '... also once it was mended' -- fulfil-import --stock <mended.csv
is "$(stored)" 'TEE-B|Tee - Blue|13|t|3|
TEE-G|Tee - Green|13|t|3|' '... alone'
printf 'Art.Nr.;Bezeichnung;Preis;Lagerbestand\n1001;"Zange 8"" lang";3,10;15\n' >list.csv
exit_is 0 'a list in German' -- fulfil-import --stock <list.csv
is "$(stored)" '1001|Zange 8" lang|3.10|t|15|' '... is known by its names'
done_testing
