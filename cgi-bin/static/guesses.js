// SPDX-License-Identifier: MIT
// Made by cgi-bin/guesses.awk of lib/catalogue/guess.c; do not edit.

export const LISTS = [
  { column: 'sku',
    sure: '|sku|skuno|skunr|skucode|skuid|skunumber|productsku|variantsku|itemsku|'
      + 'articlesku|sellersku|'
      + 'suppliersku|vendorsku|merchantsku|händlersku|yoursku|mysku|customsku|customlabelsku|'
      + 'itemcode|itemno|itemnr|itemnum|itemnumber|itemid|productcode|productcodesku|productno|'
      + 'productnr|productnumber|articlenumber|articleno|articlenr|articlecode|partno|'
      + 'partnr|partnum|'
      + 'partnumber|partcode|stockcode|stockno|stocknumber|inventorycode|inventoryid|catalogno|'
      + 'catalognumber|catalogueno|cataloguenumber|catno|materialno|materialnumber|'
      + 'supplierpartno|'
      + 'supplierpartnumber|suppliercode|vendorpartno|vendorpartnumber|vendorcode|'
      + 'orderno|ordercode|'
      + 'reference|referenceno|referencenumber|productreference|productref|itemref|'
      + 'internalreference|'
      + 'defaultcode|manufactsku|ugs|styleno|stylenumber|stylecode|'
      + 'artikelnummer|artikelnr|artikelno|artikelcode|artnr|artno|artnummer|artikelid|'
      + 'materialnummer|'
      + 'materialnr|sachnummer|bestellnummer|bestellnr|produktnummer|produktnr|'
      + 'produktcode|teilenummer|'
      + 'référence|référencearticle|référenceproduit|référencefournisseur|réfarticle|'
      + 'réfproduit|réf|'
      + 'refarticle|refproduit|codearticle|codeproduit|'
      + 'referencia|referenciaproducto|códigoarticulo|códigoartículo|códigodeartículo|'
      + 'códigoproducto|'
      + 'códigodeproducto|códigodelproducto|codigoproducto|codigoarticulo|'
      + 'codarticulo|refarticulo|'
      + 'códigoproduto|códigodoproduto|códigodoartigo|referência|codigoproduto|'
      + 'riferimento|codicearticolo|codiceprodotto|codarticolo|codprodotto|codart|'
      + 'productnummer|productnr|bestelnummer|artikelnummerleverancier|'
      + 'varenummer|varenr|artikkelnummer|artikkelnr|artikelnummersku|varunummer|varunr|'
      + 'produktnummersku|'
      + 'tuotekoodi|tuotenumero|tuotenro|'
      + 'kodproduktu|kodtowaru|numerkatalogowy|nrkatalogowy|nrartykułu|'
      + 'indekstowaru|symboltowaru|'
      + 'kódproduktu|kódzboží|kódtovaru|katalogovéčíslo|objednacíčíslo|katalógovéčíslo|'
      + 'cikkszám|termékkód|cikkszam|codprodus|codarticol|šifra|šifraproizvoda|šifraartikla|'
      + 'ürünkodu|stokkodu|ürünno|'
      + 'артикул|артикултовара|кодтовара|кодпозиции|номенклатурныйномер|артикулпоставщика|'
      + 'κωδικός|κωδικόςπροϊόντος|商品コード|品番|货号|商品编码|',
    weak: '|code|itemcodes|ref|refno|codice|cod|codigo|código|kod|kód|код|koodi|kode|nr|'
      + 'modelno|modelnumber|modelnr|modelcode|model|modell|modelo|modèle|modello|symbol|indeks|'
      + 'mpn|manufacturerpartnumber|manufacturerpartno|mfrpartno|mfrpartnumber|mfgpartnumber|'
      + 'herstellernummer|herstellerartikelnummer|style|isbn|ean|ean13|eancode|'
      + 'eannummer|gtin|gtin13|'
      + 'upc|upccode|upcean|barcode|codeean|codebarres|codicebarre|codiceean|'
      + 'códigodebarras|strichcode|'
      + 'streepjescode|kodkreskowy|kodean|čárovýkód|штрихкод|' },
  { column: 'name',
    sure: '|name|itemname|itemtitle|productname|producttitle|productnameen|articlename|'
      + 'goodsname|displayname|partname|modelname|materialname|listingtitle|designation|'
      + 'bezeichnung|bezeichnung1|artikelbezeichnung|artikelbezeichnung1|'
      + 'artikelname|produktname|'
      + 'produktbezeichnung|warenbezeichnung|materialbezeichnung|titel|'
      + 'désignation|désignationarticle|désignationproduit|nom|nomproduit|'
      + 'nomduproduit|nomarticle|'
      + 'nomdelarticle|libellé|libelléproduit|libelléarticle|titre|intitulé|'
      + 'nombre|nombreproducto|nombredelproducto|nombredeproducto|nombrearticulo|'
      + 'nombredelartículo|'
      + 'denominación|título|'
      + 'nome|nomeproduto|nomedoproduto|designação|denominação|'
      + 'nomeprodotto|nomearticolo|denominazione|titolo|'
      + 'naam|productnaam|artikelnaam|benaming|'
      + 'benämning|produktnamn|artikelnamn|namn|varenavn|produktnavn|navn|tuotenimi|nimi|'
      + 'nazwa|nazwaproduktu|nazwatowaru|název|názevproduktu|názevzboží|názov|názovproduktu|'
      + 'megnevezés|terméknév|terméknev|denumire|denumireprodus|numeprodus|naziv|nazivproizvoda|'
      + 'ürünadı|stokadı|ürünismi|'
      + 'наименование|наименованиетовара|название|названиетовара|номенклатура|'
      + 'περιγραφήπροϊόντος|όνομα|商品名|品名|商品名称|',
    weak: '|item|product|article|artikel|produkt|produit|producto|artículo|articulo|'
      + 'produto|prodotto|'
      + 'articolo|towar|товар|tuote|' },
  { column: 'description',
    sure: '|description|'
      + 'itemdescription|longdescription|partdescription|shortdescription|fulldescription|'
      + 'descriptionofgoods|materialdescription|stockdescription|articledescription|details|'
      + 'beschreibung|artikelbeschreibung|produktbeschreibung|langtext|kurztext|'
      + 'kurzbeschreibung|'
      + 'descriptionproduit|descriptif|descripción|descripcion|descripciónproducto|'
      + 'descrizione|descrizionearticolo|descrizioneprodotto|descrição|descricao|'
      + 'descriçãodoproduto|'
      + 'omschrijving|artikelomschrijving|productomschrijving|beskrivning|beskrivelse|'
      + 'opis|opisproduktu|popis|popisproduktu|leírás|descriere|описание|açıklama|'
      + 'περιγραφή|kuvaus|',
    weak: '|' },
  { column: 'category',
    sure: '|category|'
      + 'categories|productcategory|producttype|productgroup|itemgroup|itemcategory|department|'
      + 'kategorie|warengruppe|artikelgruppe|produktgruppe|catégorie|catégories|'
      + 'famille|categoría|'
      + 'categorías|familia|categoria|categorie|productgroep|artikelgroep|kategori|varugrupp|'
      + 'kategoria|kategória|категория|группа|kategorija|',
    weak: '|' },
  { column: 'price',
    sure: '|price|variantprice|regularprice|saleprice|salesprice|sellingprice|sellprice|'
      + 'sellprices|itemprice|'
      + 'yourprice|standardprice|unitprice|priceeach|priceperunit|priceunit|'
      + 'pricevalue|productprice|'
      + 'baseprice|currentprice|startprice|netprice|pricenet|retailprice|retail|'
      + 'preis|vk|vkpreis|verkaufspreis|einzelpreis|stückpreis|nettopreis|nettovk|vknetto|'
      + 'prix|prixht|prixunitaire|prixdevente|prixventeht|prixpublic|pu|puht|tarif|'
      + 'precio|preciounitario|precioventa|preciodeventa|pvp|preço|preco|'
      + 'preçounitário|preçodevenda|'
      + 'prezzo|prezzounitario|prezzodivendita|prezzovendita|'
      + 'prijs|verkoopprijs|stukprijs|nettoprijs|pris|styckpris|enhetspris|salgspris|hinta|'
      + 'cena|cenasprzedaży|cenadetaliczna|cenajednostkowa|prodejnícena|'
      + 'predajnácena|ár|eladásiár|'
      + 'preț|pret|prețunitar|цена|ценапродажи|розничнаяцена|ценарозничная|fiyat|'
      + 'satışfiyatı|cijena|'
      + 'τιμή|価格|単価|价格|',
    weak: '|pricegross|grossprice|priceinc|priceincl|bruttopreis|bruttovk|vkbrutto|'
      + 'preisbrutto|prixttc|'
      + 'prixventettc|puttc|prijsincl|cenabrutto|listprice|pricelist|listenpreis|catalogprice|'
      + 'recommendedretailprice|recommendedprice|msrp|rrp|srp|uvp|map|mapprice|adviesprijs|'
      + 'prixconseillé|prixpublicconseillé|tradeprice|dealerprice|resellerprice|customerprice|'
      + 'wholesaleprice|wholesale|amount|' },
  { column: 'active',
    sure: '|enabled|productonline|isactive|aktiv|actif|activo|attivo|actief|aktywny|',
    weak: '|' },
  { column: 'quantity',
    sure: '|quantity|'
      + 'variantinventoryqty|inventoryquantity|inventoryqty|inventorylevel|inventory|qty|stock|'
      + 'stockquantity|stockqty|stocklevel|stockonhand|currentstock|instockqty|freestock|'
      + 'availablestock|stockavailable|totalstock|warehousestock|onhand|onhandqty|'
      + 'quantityonhand|'
      + 'qtyonhand|soh|qoh|qtyavailable|quantityavailable|availableqty|'
      + 'availablequantity|available|'
      + 'qtyinstock|quantityinstock|unitsinstock|'
      + 'bestand|lagerbestand|lagermenge|lagerbestandgesamt|bestandgesamt|verfügbarerbestand|'
      + 'verfügbaremenge|bestandverfügbar|menge|anzahl|stückzahl|lager|'
      + 'quantité|quantite|quantitéenstock|qté|qtéstock|qtéenstock|qte|'
      + 'stockdisponible|stockréel|'
      + 'cantidad|existencias|existencia|stockactual|unidades|'
      + 'quantità|giacenza|giacenze|disponibilità|esistenza|qtà|'
      + 'quantidade|estoque|estoqueatual|'
      + 'voorraad|voorraadaantal|aantal|vrijevoorraad|'
      + 'lagersaldo|saldo|lagerantal|antal|lagerbeholdning|beholdning|varastosaldo|määrä|'
      + 'ilość|ilosc|stanmagazynowy|stan|stany|skladem|skladovost|množství|stavskladu|počet|'
      + 'množstvo|készlet|raktárkészlet|mennyiség|stoc|cantitate|količina|zaliha|zalihe|'
      + 'остаток|остатки|количество|колво|'
      + 'stok|stokmiktarı|stokadedi|miktar|adet|απόθεμα|在庫|在庫数|库存|',
    weak: '|' },
];
export const UNITS = [
  '€', '$', '£', 'zł', 'kč', '₽', 'euro', 'eur', 'usd', 'gbp', 'chf', 'pln', 'czk',
  'sek', 'nok', 'dkk', 'huf', 'ron', 'try', 'rub', 'руб', 'cad', 'aud', 'brl', 'kr',
  'kc', 'zl', 'netto', 'nett', 'net', 'exclvat', 'exvat', 'vatexcl', 'exclbtw', 'exbtw',
  'exclusivebtw', 'taxexcl', 'exclmwst', 'zzglmwst', 'ohnemwst', 'exmoms', 'exklmoms',
  'bezdph', 'bezvat', 'siniva', 'ht',
  'horstaxe', 'horstaxes', 'ivaesclusa', 'exgst', 'exclgst', 'stück', 'stueck',
  'stk', 'szt', 'pcs', 'pieces', 'units', 'ks', 'db', 'шт', 'each', 'in'];
