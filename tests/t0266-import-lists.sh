#!/bin/sh
# fulfil-import: suppliers' lists, in many languages and with columns called in many ways, come in without an option.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

stored() { # what is there; all of it goes
	psqlq "select sku, name, price, active, on_hand from products p left join stock s on s.product_id = p.id order by lower(sku)" | tr '\n' ' '
	psqlq 'truncate products, stock, ledger, imports, import_changes cascade' 2>/dev/null
}
list() { # HEADER ROW…: is two chairs
	tap_name=$1
	printf '%s\n' "$@" >list.csv
	exit_is 0 "$tap_name" -- fulfil-import --stock <list.csv
	is "$(stored)" 'A-1|Chair|45.00|t|10 A-2|Table|1120.50|t|2 ' '... is right'
}

list 'Art.-Nr.;Artikelbezeichnung;VK-Preis (EUR);Lagerbestand;Aktiv' 'A-1;Chair;45,00;10;ja' 'A-2;Table;1.120,50;2;J'
list 'Référence article;Libellé;Prix unitaire HT;Qté en stock' 'A-1;Chair;45,00 €;10' 'A-2;Table;1 120,50 €;2'
list 'CÓDIGO;Nombre del producto;Precio venta €;Existencias' 'A-1;Chair;45,00;10' 'A-2;Table;1.120,50;2'
list 'Codice articolo;Descrizione;Prezzo netto;Giacenza' 'A-1;Chair;45,00;10' 'A-2;Table;1.120,50;2'
list 'Artikelnummer;Omschrijving;Verkoopprijs;Vrije voorraad' 'A-1;Chair;€ 45,00;10' 'A-2;Table;€ 1.120,50;2'
list 'Kod produktu;Nazwa;Cena netto [PLN];Stan magazynowy;Aktywny' 'A-1;Chair;45,00 zł;10;tak' 'A-2;Table;1 120,50 zł;2;tak'
list 'Varunr;Benämning;Pris;Lagersaldo' 'A-1;Chair;45,00;10' 'A-2;Table;1 120,50;2'
list 'Артикул;Наименование;Цена, руб.;Остаток' 'A-1;Chair;45,00;10' 'A-2;Table;1 120,50;2'
list 'Código;Produto;Preço de venda;Estoque' 'A-1;Chair;R$ 45,00;10' 'A-2;Table;R$ 1.120,50;2'
list 'Part No.,Description,Price Each,RRP,Qty Available' 'A-1,Chair,45.00,60.00,10' 'A-2,Table,"1,120.50",1500.00,2'
# shellcheck disable=SC2016
list 'ProductCode,ProductName,SellPrice,QtyOnHand,MSRP' 'A-1,Chair,US$ 45.00,10,1' 'A-2,Table,US$ 1120.50,2,2'
list 'Model,Item,MSRP,Your Cost,Inventory,EAN' 'A-1,Chair,45.00,1,10,4006381333931' 'A-2,Table,1120.50,2,2+,'
like "$ERR" 'at_least: 1 quantity' '... and told that there may be more'
list 'UPC,Product,Wholesale,Retail,Qty' 'A-1,Chair,20,45.00,> 10' 'A-2,Table,20,1120.50,2'

# The description is no name of a product that is there.
printf 'Item Number,Item Description,Unit Price\nA-1,"Chair, red\nof wood",5\nA-2,,6\n' >described.csv
exit_is 65 'a list with descriptions, and a blank one' -- fulfil-import <described.csv
like "$ERR" 'named_by_description' '... says how its products are called'
is "$(counts)" '[2,1,0,0,0,1,"partial"]' '... a row without a name makes no product'
like "$OUT" '"line":4,.*"code":"missing_name"' '... but is told'
printf 'sku,name\nA-1,Own name\nA-2,Other\n' | fulfil-import >/dev/null 2>&1
exit_is 0 'the same with products that are there' -- fulfil-import <described.csv
is "$(psqlq "select sku, name, description, price from products order by sku" | tr '\n' ' ')" 'A-1|Own name|Chair, red of wood|5 A-2|Other||6 ' '... leaves their names alone'
printf 'sku,description\nA-9,Only this\n' >alone.csv
exit_is 65 'a description alone' -- fulfil-import <alone.csv
like "$ERR" missing_column '... is no list'
done_testing
