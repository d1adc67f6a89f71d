/* SPDX-License-Identifier: MIT
 *
 * guess: lists of folded names, those that are sure first. Folded are small letters
 * of Latin, Greek and Cyrillic, without anything between them. The page has the same
 * lists: after a change, `make guesses`.
 */
#include "catalogue/guess.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MOST_FOLDED = 48 };

struct folded {
	char s[MOST_FOLDED];
	size_t n;
};

/* `weak`: the first one that a header has. */
static const struct list {
	enum product_column column;
	const char *sure, *weak;
} lists[] = {
	{PRODUCT_SKU,
	 "|sku|skuno|skunr|skucode|skuid|skunumber|productsku|variantsku|itemsku|"
	 "articlesku|sellersku|"
	 "suppliersku|vendorsku|merchantsku|händlersku|yoursku|mysku|customsku|customlabelsku|"
	 "itemcode|itemno|itemnr|itemnum|itemnumber|itemid|productcode|productcodesku|productno|"
	 "productnr|productnumber|articlenumber|articleno|articlenr|articlecode|partno|"
	 "partnr|partnum|"
	 "partnumber|partcode|stockcode|stockno|stocknumber|inventorycode|inventoryid|catalogno|"
	 "catalognumber|catalogueno|cataloguenumber|catno|materialno|materialnumber|"
	 "supplierpartno|"
	 "supplierpartnumber|suppliercode|vendorpartno|vendorpartnumber|vendorcode|"
	 "orderno|ordercode|"
	 "reference|referenceno|referencenumber|productreference|productref|itemref|"
	 "internalreference|"
	 "defaultcode|manufactsku|ugs|styleno|stylenumber|stylecode|"
	 "artikelnummer|artikelnr|artikelno|artikelcode|artnr|artno|artnummer|artikelid|"
	 "materialnummer|"
	 "materialnr|sachnummer|bestellnummer|bestellnr|produktnummer|produktnr|"
	 "produktcode|teilenummer|"
	 "référence|référencearticle|référenceproduit|référencefournisseur|réfarticle|"
	 "réfproduit|réf|"
	 "refarticle|refproduit|codearticle|codeproduit|"
	 "referencia|referenciaproducto|códigoarticulo|códigoartículo|códigodeartículo|"
	 "códigoproducto|"
	 "códigodeproducto|códigodelproducto|codigoproducto|codigoarticulo|"
	 "codarticulo|refarticulo|"
	 "códigoproduto|códigodoproduto|códigodoartigo|referência|codigoproduto|"
	 "riferimento|codicearticolo|codiceprodotto|codarticolo|codprodotto|codart|"
	 "productnummer|productnr|bestelnummer|artikelnummerleverancier|"
	 "varenummer|varenr|artikkelnummer|artikkelnr|artikelnummersku|varunummer|varunr|"
	 "produktnummersku|"
	 "tuotekoodi|tuotenumero|tuotenro|"
	 "kodproduktu|kodtowaru|numerkatalogowy|nrkatalogowy|nrartykułu|"
	 "indekstowaru|symboltowaru|"
	 "kódproduktu|kódzboží|kódtovaru|katalogovéčíslo|objednacíčíslo|katalógovéčíslo|"
	 "cikkszám|termékkód|cikkszam|codprodus|codarticol|šifra|šifraproizvoda|šifraartikla|"
	 "ürünkodu|stokkodu|ürünno|"
	 "артикул|артикултовара|кодтовара|кодпозиции|номенклатурныйномер|артикулпоставщика|"
	 "κωδικός|κωδικόςπροϊόντος|商品コード|品番|货号|商品编码|",
	 "|code|itemcodes|ref|refno|codice|cod|codigo|código|kod|kód|код|koodi|kode|nr|"
	 "modelno|modelnumber|modelnr|modelcode|model|modell|modelo|modèle|modello|symbol|indeks|"
	 "mpn|manufacturerpartnumber|manufacturerpartno|mfrpartno|mfrpartnumber|mfgpartnumber|"
	 "herstellernummer|herstellerartikelnummer|style|isbn|ean|ean13|eancode|"
	 "eannummer|gtin|gtin13|"
	 "upc|upccode|upcean|barcode|codeean|codebarres|codicebarre|codiceean|"
	 "códigodebarras|strichcode|"
	 "streepjescode|kodkreskowy|kodean|čárovýkód|штрихкод|"},
	{PRODUCT_NAME,
	 "|name|itemname|itemtitle|productname|producttitle|productnameen|articlename|"
	 "goodsname|displayname|partname|modelname|materialname|listingtitle|designation|"
	 "bezeichnung|bezeichnung1|artikelbezeichnung|artikelbezeichnung1|"
	 "artikelname|produktname|"
	 "produktbezeichnung|warenbezeichnung|materialbezeichnung|titel|"
	 "désignation|désignationarticle|désignationproduit|nom|nomproduit|"
	 "nomduproduit|nomarticle|"
	 "nomdelarticle|libellé|libelléproduit|libelléarticle|titre|intitulé|"
	 "nombre|nombreproducto|nombredelproducto|nombredeproducto|nombrearticulo|"
	 "nombredelartículo|"
	 "denominación|título|"
	 "nome|nomeproduto|nomedoproduto|designação|denominação|"
	 "nomeprodotto|nomearticolo|denominazione|titolo|"
	 "naam|productnaam|artikelnaam|benaming|"
	 "benämning|produktnamn|artikelnamn|namn|varenavn|produktnavn|navn|tuotenimi|nimi|"
	 "nazwa|nazwaproduktu|nazwatowaru|název|názevproduktu|názevzboží|názov|názovproduktu|"
	 "megnevezés|terméknév|terméknev|denumire|denumireprodus|numeprodus|naziv|nazivproizvoda|"
	 "ürünadı|stokadı|ürünismi|"
	 "наименование|наименованиетовара|название|названиетовара|номенклатура|"
	 "περιγραφήπροϊόντος|όνομα|商品名|品名|商品名称|",
	 "|item|product|article|artikel|produkt|produit|producto|artículo|articulo|"
	 "produto|prodotto|"
	 "articolo|towar|товар|tuote|"},
	{PRODUCT_DESCRIPTION,
	 "|description|"
	 "itemdescription|longdescription|partdescription|shortdescription|fulldescription|"
	 "descriptionofgoods|materialdescription|stockdescription|articledescription|details|"
	 "beschreibung|artikelbeschreibung|produktbeschreibung|langtext|kurztext|"
	 "kurzbeschreibung|"
	 "descriptionproduit|descriptif|descripción|descripcion|descripciónproducto|"
	 "descrizione|descrizionearticolo|descrizioneprodotto|descrição|descricao|"
	 "descriçãodoproduto|"
	 "omschrijving|artikelomschrijving|productomschrijving|beskrivning|beskrivelse|"
	 "opis|opisproduktu|popis|popisproduktu|leírás|descriere|описание|açıklama|"
	 "περιγραφή|kuvaus|",
	 "|"},
	{PRODUCT_CATEGORY,
	 "|category|"
	 "categories|productcategory|producttype|productgroup|itemgroup|itemcategory|department|"
	 "kategorie|warengruppe|artikelgruppe|produktgruppe|catégorie|catégories|"
	 "famille|categoría|"
	 "categorías|familia|categoria|categorie|productgroep|artikelgroep|kategori|varugrupp|"
	 "kategoria|kategória|категория|группа|kategorija|",
	 "|"},
	{PRODUCT_PRICE,
	 "|price|variantprice|regularprice|saleprice|salesprice|sellingprice|sellprice|"
	 "sellprices|itemprice|"
	 "yourprice|standardprice|unitprice|priceeach|priceperunit|priceunit|"
	 "pricevalue|productprice|"
	 "baseprice|currentprice|startprice|netprice|pricenet|retailprice|retail|"
	 "preis|vk|vkpreis|verkaufspreis|einzelpreis|stückpreis|nettopreis|nettovk|vknetto|"
	 "prix|prixht|prixunitaire|prixdevente|prixventeht|prixpublic|pu|puht|tarif|"
	 "precio|preciounitario|precioventa|preciodeventa|pvp|preço|preco|"
	 "preçounitário|preçodevenda|"
	 "prezzo|prezzounitario|prezzodivendita|prezzovendita|"
	 "prijs|verkoopprijs|stukprijs|nettoprijs|pris|styckpris|enhetspris|salgspris|hinta|"
	 "cena|cenasprzedaży|cenadetaliczna|cenajednostkowa|prodejnícena|"
	 "predajnácena|ár|eladásiár|"
	 "preț|pret|prețunitar|цена|ценапродажи|розничнаяцена|ценарозничная|fiyat|"
	 "satışfiyatı|cijena|"
	 "τιμή|価格|単価|价格|",
	 "|pricegross|grossprice|priceinc|priceincl|bruttopreis|bruttovk|vkbrutto|"
	 "preisbrutto|prixttc|"
	 "prixventettc|puttc|prijsincl|cenabrutto|listprice|pricelist|listenpreis|catalogprice|"
	 "recommendedretailprice|recommendedprice|msrp|rrp|srp|uvp|map|mapprice|adviesprijs|"
	 "prixconseillé|prixpublicconseillé|tradeprice|dealerprice|resellerprice|customerprice|"
	 "wholesaleprice|wholesale|amount|"},
	{PRODUCT_ACTIVE,
	 "|enabled|productonline|isactive|aktiv|actif|activo|attivo|actief|aktywny|",
	 "|"},
	{PRODUCT_QUANTITY,
	 "|quantity|"
	 "variantinventoryqty|inventoryquantity|inventoryqty|inventorylevel|inventory|qty|stock|"
	 "stockquantity|stockqty|stocklevel|stockonhand|currentstock|instockqty|freestock|"
	 "availablestock|stockavailable|totalstock|warehousestock|onhand|onhandqty|"
	 "quantityonhand|"
	 "qtyonhand|soh|qoh|qtyavailable|quantityavailable|availableqty|"
	 "availablequantity|available|"
	 "qtyinstock|quantityinstock|unitsinstock|"
	 "bestand|lagerbestand|lagermenge|lagerbestandgesamt|bestandgesamt|verfügbarerbestand|"
	 "verfügbaremenge|bestandverfügbar|menge|anzahl|stückzahl|lager|"
	 "quantité|quantite|quantitéenstock|qté|qtéstock|qtéenstock|qte|"
	 "stockdisponible|stockréel|"
	 "cantidad|existencias|existencia|stockactual|unidades|"
	 "quantità|giacenza|giacenze|disponibilità|esistenza|qtà|"
	 "quantidade|estoque|estoqueatual|"
	 "voorraad|voorraadaantal|aantal|vrijevoorraad|"
	 "lagersaldo|saldo|lagerantal|antal|lagerbeholdning|beholdning|varastosaldo|määrä|"
	 "ilość|ilosc|stanmagazynowy|stan|stany|skladem|skladovost|množství|stavskladu|počet|"
	 "množstvo|készlet|raktárkészlet|mennyiség|stoc|cantitate|količina|zaliha|zalihe|"
	 "остаток|остатки|количество|колво|"
	 "stok|stokmiktarı|stokadedi|miktar|adet|απόθεμα|在庫|在庫数|库存|",
	 "|"},
};

/* What may follow a price or a quantity. */
static const char *const units[] = {
	"€", "$", "£", "zł", "kč", "₽", "euro", "eur", "usd", "gbp", "chf", "pln", "czk",
	"sek", "nok", "dkk", "huf", "ron", "try", "rub", "руб", "cad", "aud", "brl", "kr",
	"kc", "zl", "netto", "nett", "net", "exclvat", "exvat", "vatexcl", "exclbtw", "exbtw",
	"exclusivebtw", "taxexcl", "exclmwst", "zzglmwst", "ohnemwst", "exmoms", "exklmoms",
	"bezdph", "bezvat", "siniva", "ht",
	"horstaxe", "horstaxes", "ivaesclusa", "exgst", "exclgst", "stück", "stueck",
	"stk", "szt", "pcs", "pieces", "units", "ks", "db", "шт", "each", "in",
};

/* The code point that is the small letter of one with two bytes. */
static unsigned small(unsigned c)
{
	if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
	    (c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
		return c + (c & 1);
	return c == 0x218 || c == 0x21A ? c + 1 : c;
}

/* ASCII that a name may have and lack. */
static const bool dropped[256] = {
	['-'] = true, ['_'] = true, ['.'] = true, [','] = true, [':'] = true, ['*'] = true,
	['#'] = true, ['/'] = true, ['('] = true, [')'] = true, ['['] = true, [']'] = true,
};

/* False: it is too long, or nothing. */
static bool fold(struct product_text v, struct folded *f)
{
	f->n = 0;
	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.s[i];
		size_t blank = utf8_blank(v.s + i, v.n - i);

		if (f->n + 2 >= sizeof f->s)
			return false;
		if (blank > 0) {
			i += blank - 1;
		} else if (c >= 0xC3 && c <= 0xD1 && i + 1 < v.n) {
			unsigned p = small((c & 0x1Fu) << 6 | ((unsigned char)v.s[++i] & 0x3Fu));

			f->s[f->n++] = (char)(0xC0 | p >> 6);
			f->s[f->n++] = (char)(0x80 | (p & 0x3F));
		} else if (c >= 'A' && c <= 'Z') {
			f->s[f->n++] = (char)(c | 32);
		} else if (!dropped[c]) {
			f->s[f->n++] = (char)c;
		}
	}
	return f->n > 0;
}

/* Whether the list has it; *rank counts from 1. */
static bool is_in(const char *list, const struct folded *f, int *rank)
{
	*rank = 0;
	for (const char *at = list + 1, *end; (end = strchr(at, '|')) != NULL; at = end + 1) {
		++*rank;
		if ((size_t)(end - at) == f->n && memcmp(at, f->s, f->n) == 0)
			return true;
	}
	return false;
}

static enum product_column find(const struct folded *f, bool units_only, int *rank)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (units_only && lists[i].column != PRODUCT_PRICE &&
		    lists[i].column != PRODUCT_QUANTITY)
			continue;
		if (is_in(lists[i].sure, f, rank)) {
			*rank = 0;
			return lists[i].column;
		}
		if (is_in(lists[i].weak, f, rank))
			return lists[i].column;
	}
	return PRODUCT_COLUMNS;
}

static bool take_off_unit(struct folded *f)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t n = strlen(units[i]);

		if (f->n > n && memcmp(f->s + f->n - n, units[i], n) == 0) {
			f->n -= n;
			return true;
		}
	}
	return false;
}

enum product_column guess_column(struct product_text name, int *rank)
{
	enum product_column column;
	struct folded f;

	if (!fold(name, &f))
		return PRODUCT_COLUMNS;
	column = find(&f, false, rank);
	for (int i = 0; i < 3 && column == PRODUCT_COLUMNS && take_off_unit(&f); i++)
		column = find(&f, true, rank);
	return column;
}

bool guess_names_sku(struct product_text v)
{
	static uint64_t lengths[256]; /* of the names that begin with a byte, folded; a bit each */
	unsigned char first = v.n > 0 ? (unsigned char)*v.s : 0;
	bool ascii = true;
	struct folded f;
	size_t kept = 0;
	int rank;

	if (lengths['s'] == 0)
		for (const char *at = lists[0].sure + 1, *end; (end = strchr(at, '|')) != NULL;
		     at = end + 1)
			lengths[(unsigned char)*at] |= UINT64_C(1) << (end - at);
	if (v.n < 2 || v.n >= MOST_FOLDED)
		return false;
	/* Asked of each field: few begin as these names do, are as long, and have no digit. */
	if (first < 0x80 && first != '"' && lengths[first | 32] == 0)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.s[i];

		if (c >= '0' && c <= '9')
			return false;
		ascii &= c < 0x80;
		kept += !dropped[c] && c > ' ';
	}
	if (ascii && first != '"' && !(lengths[first | 32] >> kept & 1))
		return false;
	return fold(v, &f) && is_in(lists[0].sure, &f, &rank);
}
