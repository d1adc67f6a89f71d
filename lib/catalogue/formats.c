/* SPDX-License-Identifier: MIT
 *
 * formats: one entry a format; to add one, add an entry, a case to
 * tests/unit/csvfile.case, and a line to fulfil-import(1). Both generations of
 * a format are one entry if their rows continue in the same way.
 */
#include "catalogue/formats.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const struct formats_entry formats_all[] = {
	{
		.name = "shopify", .title = "Shopify's product export",
		.marks = "Handle|URL handle; Title; Variant SKU|Variant Price|Option1 value",
		.columns = {
			[PRODUCT_SKU] = "Variant SKU|SKU",
			[PRODUCT_NAME] = "Title",
			[PRODUCT_DESCRIPTION] = "Body (HTML)|Description",
			[PRODUCT_CATEGORY] = "Type|Product category|Standard product type|Custom "
			"product type",
			[PRODUCT_PRICE] = "Variant Price|Price",
			[PRODUCT_ACTIVE] = "Status|Published|Published on online store",
			[PRODUCT_QUANTITY] = "Variant Inventory Qty|Inventory quantity",
		},
		.options = "Option1 value|Option2 value|Option3 value", .plain = "Default Title",
		.group = "Handle|URL handle", .id = "Handle|URL handle",
		.yes = "active", .no = "draft|archived|unlisted", .thin = "image_row",
	},
	{
		.name = "shopify-inventory", .title = "Shopify's inventory export",
		.marks = "Handle; Title; SKU; "
			 "On hand|On hand (new)|On hand (current)|Available|Available (not "
			 "editable)",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Title",
			/* What orders have taken is still on hand. */
			[PRODUCT_QUANTITY] = "Available|Available (not editable)|On hand (new)|"
					     "On hand (current)|On hand",
		},
		.options = "Option1 value|Option2 value|Option3 value", .plain = "Default Title",
		.group = "Handle", .id = "Handle", .location = "Location", .none = "not stocked",
		.thin = "image_row", .lacks = "Variant SKU|Variant Price|Price",
	},
	{
		.name = "shopify-places", .title = "Shopify's inventory, a column a location",
		.marks = "Handle; Title; Option1 Name; SKU",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Title",
		},
		.options = "Option1 value|Option2 value|Option3 value", .plain = "Default Title",
		.group = "Handle", .id = "Handle", .rest = "SKU|HS Code|COO", .sum = true,
		.none = "not stocked", .thin = "image_row",
		.lacks = "Variant SKU|Variant Price|Price|Vendor|Type|Status|Published|Body "
			 "(HTML)|Image Src|Location|On hand|On hand (new)|On hand (current)|"
			 "Available|Available (not editable)",
	},
	{
		.name = "woocommerce", .title = "WooCommerce's product export",
		.marks = "Type|Typ|Tipo; SKU|UGS|Artikelnummer|COD; Name|Nom|Nombre|Nome|Naam; "
			 "Published|Publié|Veröffentlicht|Publicado|Pubblicato|Gepubliceerd|Parent|"
			 "Regular price|Tarif régulier|Regulärer Preis|Precio normal|Prezzo di "
			 "listino|"
			 "Reguliere prijs|Attribute 1 name",
		.columns = {
			[PRODUCT_SKU] = "SKU|UGS|Artikelnummer|COD",
			[PRODUCT_NAME] = "Name|Nom|Nombre|Nome|Naam",
			[PRODUCT_DESCRIPTION] = "Description|Beschreibung|Descripción|Descrizione|"
						"Beschrijving|Short description|Description courte",
			[PRODUCT_CATEGORY] =
				"Categories|Catégories|Kategorien|Categorías|Categorie|"
					     "Categorieën",
			[PRODUCT_PRICE] = "Regular price|Tarif régulier|Regulärer Preis|Precio "
			"normal|"
					  "Prezzo di listino|Reguliere prijs|Price",
			[PRODUCT_ACTIVE] = "Published|Publié|Veröffentlicht|Publicado|Pubblicato|"
					   "Gepubliceerd",
			[PRODUCT_QUANTITY] =
				"Stock|Bestand|Lager|Lagerbestand|Inventario|Existencias|"
					     "Magazzino|Voorraad",
		},
		.options = "Attribute * value(s)|Valeur(s) de l’attribut *|Valeur(s) de "
		"l'attribut *|"
			   "Attribut * Wert(e)|Valor(es) del atributo *|Valore attributo *",
		.id = "ID", .id_mark = "id:", .kind = "Type|Typ|Tipo",
		.passed = "variable|grouped|variable-subscription",
		.parent = "Parent|Übergeordnetes Produkt|Superior|Genitore|Hoofd", .no = "-1",
			.yes = "1",
		.full_names = true, .comma = true,
	},
	{
		.name = "magento", .title = "Magento's product export",
		.marks = "sku; store_view_code|_store|attribute_set_code|_attribute_set; "
		"product_type|_type",
		.columns = {
			[PRODUCT_SKU] = "sku",
			[PRODUCT_NAME] = "name",
			[PRODUCT_DESCRIPTION] = "description|short_description",
			[PRODUCT_CATEGORY] = "categories|_category",
			[PRODUCT_PRICE] = "price",
			[PRODUCT_ACTIVE] = "product_online|status",
			[PRODUCT_QUANTITY] = "qty",
		},
		.kind = "product_type|_type", .passed = "configurable|grouped",
		.view = "store_view_code|_store", .yes = "1|enabled", .no = "2|disabled",
		.thin = "continued_row",
	},
	{
		.name = "bigcommerce", .title = "BigCommerce's product export",
		.marks = "Item; ID; Name; SKU; Current Stock|Inventory Tracking|Options",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Name",
			[PRODUCT_DESCRIPTION] = "Description",
			[PRODUCT_CATEGORY] = "Categories",
			[PRODUCT_PRICE] = "Price",
			[PRODUCT_ACTIVE] = "Is Visible",
			[PRODUCT_QUANTITY] = "Current Stock",
			[PRODUCT_REORDER_LEVEL] = "Low Stock",
		},
		.options = "Options", .id = "ID", .id_mark = "id:", .kind = "Item",
		.passed = "Image|Video|Rule|Option|Modifier|Custom Field|Bulk Pricing", .group = "",
		.held = "Product", .variant = "Variant|SKU", .carried = 1u << PRODUCT_PRICE,
	},
	{
		.name = "bigcommerce-v2", .title = "BigCommerce's product export of 2",
		.marks = "Item Type; Product Name; Product Code/SKU",
		.columns = {
			[PRODUCT_SKU] = "Product Code/SKU",
			[PRODUCT_NAME] = "Product Name",
			[PRODUCT_DESCRIPTION] = "Product Description",
			[PRODUCT_CATEGORY] = "Category|Category String",
			[PRODUCT_PRICE] = "Price",
			[PRODUCT_ACTIVE] = "Product Visible?",
			[PRODUCT_QUANTITY] = "Current Stock Level",
			[PRODUCT_REORDER_LEVEL] = "Low Stock Level",
		},
		.id = "Product ID", .id_mark = "id:", .kind = "Item Type", .passed = "Rule|Image",
		.held = "Product", .variant = "SKU", .options = "Product Name",
		.named_options = true, .group = "", .carried = 1u << PRODUCT_PRICE,
	},
	{
		.name = "wix", .title = "Wix's product export",
		.marks = "handleId|handle; fieldType; name; sku; price; inventory",
		.columns = {
			[PRODUCT_SKU] = "sku",
			[PRODUCT_NAME] = "name",
			[PRODUCT_DESCRIPTION] = "description|plainDescription",
			[PRODUCT_CATEGORY] = "collection",
			[PRODUCT_PRICE] = "price",
			[PRODUCT_ACTIVE] = "visible",
			[PRODUCT_QUANTITY] = "inventory",
		},
		.options = "productOptionDescription*|productOptionChoices*",
		.group = "handleId|handle", .id = "handleId|handle", .kind = "fieldType",
		.passed = "Media", .held = "Product", .variant = "Variant",
		.surcharge = "surcharge", .carried = 1u << PRODUCT_PRICE,
		.none = "InStock|IN_STOCK", .zero = "OutOfStock|OUT_OF_STOCK",
	},
	{
		.name = "ecwid", .title = "Ecwid's product export",
		.marks = "type; product_sku; product_name; product_price",
		.columns = {
			[PRODUCT_SKU] = "product_variation_sku|product_sku",
			[PRODUCT_NAME] = "product_name",
			[PRODUCT_DESCRIPTION] = "product_description",
			[PRODUCT_CATEGORY] = "product_category_1",
			[PRODUCT_PRICE] = "product_price",
			[PRODUCT_ACTIVE] = "product_is_available",
			[PRODUCT_QUANTITY] = "product_quantity",
			[PRODUCT_REORDER_LEVEL] = "product_low_stock_notification_quantity",
		},
		.options = "product_variation_option_*",
		.group = "product_internal_id|product_sku", .id = "product_sku|product_internal_id",
		.kind = "type",
		.passed = "product_option|product_file|product_attribute|product_tax|category|"
			  "product_type|product_image|product_review|product_related",
		.held = "product", .variant = "product_variation",
		.carried = 1u << PRODUCT_PRICE,
	},
	{
		.name = "opencart", .title = "OpenCart's product export",
		.marks = "product_id|_ID_; name(*|name|_NAME_; model|_MODEL_; quantity|_QUANTITY_; "
			 "price|_PRICE_; status|_STATUS_",
		.columns = {
			[PRODUCT_SKU] = "sku|_SKU_|model|_MODEL_",
			[PRODUCT_NAME] = "name(*|name|_NAME_",
			[PRODUCT_DESCRIPTION] = "description(*|description|_DESCRIPTION_",
			[PRODUCT_CATEGORY] = "categories|_CATEGORY_|category",
			[PRODUCT_PRICE] = "price|_PRICE_",
			[PRODUCT_ACTIVE] = "status|_STATUS_",
			[PRODUCT_QUANTITY] = "quantity|_QUANTITY_",
		},
		.id = "product_id|_ID_", .id_mark = "id:", .yes = "1|enabled|true",
		.no = "0|disabled|false",
	},
	{
		.name = "square", .title = "Square's item library",
		.marks = "Token|Reference Handle; Item Name; Variation Name; SKU",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Item Name|Customer-facing Name",
			[PRODUCT_DESCRIPTION] = "Description",
			[PRODUCT_CATEGORY] = "Category|Categories|Reporting Category",
			[PRODUCT_PRICE] = "Price|Price *",
			[PRODUCT_ACTIVE] = "Archived",
			[PRODUCT_QUANTITY] = "Current Quantity *|Current Quantity",
		},
		.options = "Variation Name", .plain = "Regular", .id = "Token|Reference Handle",
		.none = "variable", .yes = "N|No|FALSE", .no = "Y|Yes|TRUE", .group = "",
		.sum = true, .fractions = true,
	},
	{
		.name = "etsy", .title = "Etsy's listings",
		.marks = "TITLE; DESCRIPTION; PRICE; CURRENCY_CODE; QUANTITY",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "TITLE",
			[PRODUCT_DESCRIPTION] = "DESCRIPTION",
			[PRODUCT_PRICE] = "PRICE",
			[PRODUCT_QUANTITY] = "QUANTITY",
		},
		.id = "TITLE", .sku_list = true, .comma = true,
	},
	{
		.name = "prestashop", .title = "PrestaShop's product list",
		.marks = "Product ID|ID; Name|Name *|Nom|Nombre|Nome; "
			 "Reference|Reference #|Référence|Referencia|"
			 "Riferimento|Referenz|Artikel-Nr.; "
			 "Price (tax excl.)|Price (tax incl.)|"
			 "Price tax excluded|Price tax excl.|Base price|"
			 "Final price|Prix (HT)|Prix (TTC)|Prix HT|"
			 "Prix TTC|Prix de base|Prix final|"
			 "Precio (imp. excl.)|Precio (imp. incl.)|"
			 "Precio (sin IVA)|Precio base|Precio final|"
			 "Prezzo (tasse escl.)|Prezzo (tasse incl.)|Prezzo base|Prezzo finale|"
			 "Preis (zzgl. MwSt.)|Preis (inkl. MwSt.)",
		.columns = {
			[PRODUCT_SKU] =
				"Reference|Reference #|Référence|Referencia|Riferimento|Referenz|"
				"Artikel-Nr.",
			[PRODUCT_NAME] = "Name|Name *|Nom|Nombre|Nome",
			[PRODUCT_DESCRIPTION] =
				"Description|Summary|Descripción|Descrizione|Beschreibung",
			[PRODUCT_CATEGORY] =
				"Category|Categories (x,y,z...)|Categories|Catégorie|Categoría|"
				"Categoria|Kategorie",
			[PRODUCT_PRICE] =
				"Price (tax excl.)|Price tax excluded|Price tax excl.|Base price|"
				"Prix (HT)|Prix HT|Prix de base|Precio (imp. excl.)|"
				"Precio (sin IVA)|Precio base|Prezzo (tasse escl.)|Prezzo base|"
				"Preis (zzgl. MwSt.)|Price (tax incl.)|Final price|Prix (TTC)|"
				"Prix TTC|Prix final|Precio (imp. incl.)|Precio final|"
				"Prezzo (tasse incl.)|Prezzo finale|Preis (inkl. MwSt.)",
			[PRODUCT_ACTIVE] =
				"Status|Active (0/1)|Active|État|Statut|Actif|Estado|Stato",
			[PRODUCT_QUANTITY] =
				"Quantity|Quantité|Cantidad|Quantità|Menge|Anzahl",
		},
		.id = "Product ID|ID", .id_mark = "id:",
		.yes = "enabled|activé|oui|activado|sí|attivo|aktiviert",
		.no = "disabled|désactivé|non|desactivado|disattivato|deaktiviert",
		.comma = true,
	},
	{
		.name = "odoo", .title = "Odoo's product export",
		.marks = "Internal Reference|default_code; Name|Display Name|Product "
		"Template/Name; "
			 "Sales Price|Sale Price|Public "
			 "Price|list_price|lst_price|Cost|standard_price|"
			 "Quantity On Hand|qty_available|Product Category|categ_id|Forecasted "
			 "Quantity",
		.columns = {
			[PRODUCT_SKU] = "Internal Reference|default_code",
			[PRODUCT_NAME] = "Name|Display Name|Product Template/Name",
			[PRODUCT_DESCRIPTION] =
				"Sales Description|description_sale|Description|description",
			[PRODUCT_CATEGORY] = "Product Category|Product "
			"Category/*|categ_id|categ_id/*",
			[PRODUCT_PRICE] = "Sales Price|Sale Price|Public "
			"Price|list_price|lst_price",
			[PRODUCT_ACTIVE] = "Active|active",
			[PRODUCT_QUANTITY] = "Quantity On Hand|qty_available",
		},
		.options = "Variant Values|Variant Values/*|product_template_variant_value_ids|"
			   "product_template_variant_value_ids/name",
		.id = "External ID|id", .thin = "continued_row", .fractions = true,
	},
	{
		.name = "lightspeed", .title = "Lightspeed's item export",
		.marks = "System ID; Item|Description; Custom SKU|Manufact. SKU",
		.columns = {
			[PRODUCT_SKU] = "Custom SKU|Manufact. SKU",
			[PRODUCT_NAME] = "Item|Description",
			[PRODUCT_CATEGORY] = "Category|Department",
			[PRODUCT_PRICE] = "Price|Default Price|MSRP",
			[PRODUCT_ACTIVE] = "Archived?|Archived",
			[PRODUCT_QUANTITY] = "Qty.|Qty|Quantity on Hand",
			[PRODUCT_REORDER_LEVEL] = "Reorder Point",
		},
		.id = "System ID", .yes = "No|FALSE|0", .no = "Yes|TRUE|1",
	},
	{
		.name = "lightspeed-x", .title = "Lightspeed's product export, of the X series",
		.marks = "handle; sku; name; supply_price|retail_price; "
			 "variant_option_one_name|track_inventory|composite_sku|active|brand_name",
		.columns = {
			[PRODUCT_SKU] = "sku",
			[PRODUCT_NAME] = "name",
			[PRODUCT_DESCRIPTION] = "description",
			[PRODUCT_CATEGORY] = "product_category|type|category",
			[PRODUCT_PRICE] = "retail_price",
			[PRODUCT_ACTIVE] = "active",
			[PRODUCT_QUANTITY] = "inventory_*",
			[PRODUCT_REORDER_LEVEL] = "reorder_point_*",
		},
		.options = "variant_option_one_value|variant_option_two_value|"
			   "variant_option_three_value",
		.group = "handle", .id = "handle", .thin = "continued_row", .sum = true,
		.fractions = true,
	},
	{
		.name = "lightspeed-c", .title = "Lightspeed's product export, of the C series",
		.marks = "Internal_ID; Internal_Variant_ID; Article_Code; Price; Stock_Level",
		.columns = {
			[PRODUCT_SKU] = "SKU|Article_Code",
			[PRODUCT_NAME] = "*_Title_Short|*_Title_Long",
			[PRODUCT_DESCRIPTION] = "*_Description_Short|*_Description_Long",
			[PRODUCT_CATEGORY] = "*_Category_1",
			[PRODUCT_PRICE] = "Price",
			[PRODUCT_ACTIVE] = "Visible",
			[PRODUCT_QUANTITY] = "Stock_Level",
			[PRODUCT_REORDER_LEVEL] = "Stock_Alert",
		},
		.options = "*_Variant", .group = "Internal_ID", .id = "Internal_Variant_ID",
		.yes = "S|Y", .no = "N", .plain = "Default", .thin = "continued_row", .comma = true,
	},
	{
		.name = "xero", .title = "Xero's inventory items",
		.marks = "*ItemCode|Item Code; SalesUnitPrice|Sales Unit Price; "
			 "PurchasesUnitPrice|Purchases Unit Price",
		.columns = {
			[PRODUCT_SKU] = "*ItemCode|Item Code",
			[PRODUCT_NAME] = "ItemName|*ItemName|Item Name|SalesDescription|"
					 "Sales Description",
			[PRODUCT_DESCRIPTION] = "SalesDescription|Sales Description",
			[PRODUCT_PRICE] = "SalesUnitPrice|Sales Unit Price",
			[PRODUCT_ACTIVE] = "Status",
			[PRODUCT_QUANTITY] = "Quantity|Quantity on Hand",
		},
		.yes = "active", .no = "archived", .fractions = true,
	},
	{
		.name = "zoho", .title = "Zoho's items",
		.marks = "Item Name; SKU; Rate|Selling Price; Purchase Rate|Purchase Price|Opening "
			 "Stock|Stock On Hand; Item ID|Item Type|Product Type",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Item Name",
			[PRODUCT_DESCRIPTION] = "Description|Sales Description",
			[PRODUCT_CATEGORY] = "Category Name",
			[PRODUCT_PRICE] = "Rate|Selling Price",
			[PRODUCT_ACTIVE] = "Status",
			[PRODUCT_QUANTITY] = "Stock On Hand|Opening Stock",
			[PRODUCT_REORDER_LEVEL] = "Reorder Point|Reorder Level",
		},
		.id = "Item ID", .id_mark = "id:", .yes = "active|confirmed", .no = "inactive",
		.fractions = true,
	},
	{
		.name = "quickbooks", .title = "QuickBooks' products and services",
		.marks = "Product/Service Name; SKU; Sales Price / Rate|Sales Price/Rate|Price",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Product/Service Name",
			[PRODUCT_DESCRIPTION] = "Sales Description|Description",
			[PRODUCT_CATEGORY] = "Category",
			[PRODUCT_PRICE] = "Sales Price / Rate|Sales Price/Rate|Price",
			[PRODUCT_QUANTITY] = "Quantity On Hand",
			[PRODUCT_REORDER_LEVEL] = "Reorder Point",
		},
		.id = "Product/Service Name", .fractions = true,
	},
	{
		.name = "cin7", .title = "Cin7's product list",
		.marks = "ProductCode; Name; PriceTier1; CostingMethod|DefaultLocation",
		.columns = {
			[PRODUCT_SKU] = "ProductCode",
			[PRODUCT_NAME] = "Name",
			[PRODUCT_DESCRIPTION] = "Description|ShortDescription",
			[PRODUCT_CATEGORY] = "Category",
			[PRODUCT_PRICE] = "PriceTier1",
			[PRODUCT_ACTIVE] = "Status",
			[PRODUCT_QUANTITY] = "StockOnHand",
			[PRODUCT_REORDER_LEVEL] = "MinimumBeforeReorder",
		},
		.yes = "active", .no = "deprecated", .fractions = true,
	},
	{
		.name = "amazon", .title = "Amazon's listings report",
		.marks = "item-name; seller-sku; price|listing-id",
		.columns = {
			[PRODUCT_SKU] = "seller-sku",
			[PRODUCT_NAME] = "item-name",
			[PRODUCT_DESCRIPTION] = "item-description",
			[PRODUCT_PRICE] = "price",
			[PRODUCT_ACTIVE] = "status",
			[PRODUCT_QUANTITY] = "quantity",
		},
		.yes = "active", .no = "inactive|incomplete", .literal = true,
	},
	{
		.name = "amazon-fba", .title = "Amazon's report of its own stock",
		.marks = "sku; fnsku; asin; afn-fulfillable-quantity",
		.columns = {
			[PRODUCT_SKU] = "sku",
			[PRODUCT_NAME] = "product-name",
			[PRODUCT_PRICE] = "your-price",
			[PRODUCT_QUANTITY] = "afn-fulfillable-quantity",
		},
		.literal = true,
	},
	{
		.name = "amazon-template", .title = "Amazon's inventory file",
		.marks = "item_sku; item_name; "
			 "feed_product_type|standard_price|external_product_id|your_price|"
			 "update_delete",
		.columns = {
			[PRODUCT_SKU] = "item_sku",
			[PRODUCT_NAME] = "item_name",
			[PRODUCT_DESCRIPTION] = "product_description",
			[PRODUCT_CATEGORY] = "feed_product_type|item_type",
			[PRODUCT_PRICE] = "standard_price|your_price|list_price",
			[PRODUCT_QUANTITY] = "quantity",
		},
		.kind = "parent_child|parentage_level", .passed = "parent",
	},
	{
		.name = "saleor", .title = "Saleor's product export",
		.marks = "name; variant sku|variant_sku; "
			 "product type|variant id|* (warehouse quantity)|* (channel price amount)",
		.columns = {
			[PRODUCT_SKU] = "variant sku|variant_sku",
			[PRODUCT_NAME] = "name",
			[PRODUCT_DESCRIPTION] = "description|description_as_str",
			[PRODUCT_CATEGORY] = "category|product type",
			[PRODUCT_PRICE] = "* (channel price amount)|price|variant price",
			[PRODUCT_ACTIVE] = "* (channel published)|is published",
			[PRODUCT_QUANTITY] = "* (warehouse quantity)|quantity",
		},
		.options = "* (variant attribute)", .group = "id", .id = "variant id",
		.thin = "continued_row", .sum = true,
	},
	{
		.name = "medusa", .title = "Medusa's product export",
		.marks = "Product Handle; Product Title; Variant SKU; "
			 "Product Status|Variant Title|Variant Inventory Quantity",
		.columns = {
			[PRODUCT_SKU] = "Variant SKU",
			[PRODUCT_NAME] = "Product Title",
			[PRODUCT_DESCRIPTION] = "Product Description",
			[PRODUCT_CATEGORY] = "Product Type|Product Collection Title|Product "
			"Category 1",
			[PRODUCT_PRICE] = "Price *|Variant Price *",
			[PRODUCT_ACTIVE] = "Product Status",
			[PRODUCT_QUANTITY] = "Variant Inventory Quantity",
		},
		.options = "Option * Value|Variant Option * Value", .plain =
			"Default Option Value|Default option value",
		.group = "Product Handle", .id = "Variant Id|Product Handle",
		.yes = "published", .no = "draft|proposed|rejected", .thin = "image_row",
	},
	{
		.name = "loyverse", .title = "Loyverse's item export",
		.marks = "Handle; SKU; Name; Available for sale*|In stock*|Sold by weight|Track "
		"stock",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Name",
			[PRODUCT_DESCRIPTION] = "Description",
			[PRODUCT_CATEGORY] = "Category",
			[PRODUCT_PRICE] = "Price|Default price|Price [*",
			[PRODUCT_ACTIVE] = "Available for sale|Available for sale [*",
			[PRODUCT_QUANTITY] = "In stock|In stock [*",
			[PRODUCT_REORDER_LEVEL] = "Low stock|Low stock [*",
		},
		.options = "Option 1 value|Option 2 value|Option 3 value", .group = "Handle",
			.id = "Handle",
		.none = "variable", .thin = "continued_row", .sum = true, .fractions = true,
	},
	{
		.name = "ebay", .title = "eBay's report of active listings",
		.marks = "Item number; Title; Custom label (SKU); Available quantity|Start price|"
			 "Current price",
		.columns = {
			[PRODUCT_SKU] = "Custom label (SKU)",
			[PRODUCT_NAME] = "Title",
			[PRODUCT_PRICE] = "Start price|Current price",
			[PRODUCT_QUANTITY] = "Available quantity",
		},
		.id = "Item number",
	},
	{
		.name = "squarespace", .title = "Squarespace's product export",
		.marks = "Product ID [Non Editable]; Variant ID [Non Editable]; Title; SKU",
		.columns = {
			[PRODUCT_SKU] = "SKU",
			[PRODUCT_NAME] = "Title",
			[PRODUCT_DESCRIPTION] = "Description",
			[PRODUCT_CATEGORY] = "Categories",
			[PRODUCT_PRICE] = "Price",
			[PRODUCT_ACTIVE] = "Visible",
			[PRODUCT_QUANTITY] = "Stock",
		},
		.options = "Option Value *", .group = "Product ID [Non Editable]",
		.id = "Variant ID [Non Editable]", .none = "unlimited",
	},
	{
		.name = "shopware", .title = "Shopware's product export",
		.marks = "productNumber; stock; translations.DEFAULT.name|name; "
			 "price.DEFAULT.gross|price.DEFAULT.net",
		.columns = {
			[PRODUCT_SKU] = "productNumber",
			[PRODUCT_NAME] = "translations.DEFAULT.name|name",
			[PRODUCT_DESCRIPTION] = "translations.DEFAULT.description|description",
			[PRODUCT_PRICE] = "price.DEFAULT.gross|price.DEFAULT.net",
			[PRODUCT_ACTIVE] = "active",
			[PRODUCT_QUANTITY] = "stock",
		},
	},
	{
		.name = "google-merchant", .title = "a feed for Google Merchant Center",
		.marks = "id; title; price; link; availability",
		.columns = {
			[PRODUCT_SKU] = "id",
			[PRODUCT_NAME] = "title",
			[PRODUCT_DESCRIPTION] = "description",
			[PRODUCT_CATEGORY] = "product type|google product category",
			[PRODUCT_PRICE] = "price",
			[PRODUCT_QUANTITY] = "quantity|sell on google quantity",
		},
	},
};

const size_t formats_count = sizeof formats_all / sizeof *formats_all;

const struct formats_entry *formats_find(const char *name)
{
	for (size_t i = 0; i < formats_count; i++)
		if (strcasecmp(formats_all[i].name, name) == 0)
			return &formats_all[i];
	return NULL;
}

void formats_list(char *names, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < formats_count && n < size; i++)
		n += (size_t)snprintf(names + n, size - n, "%s%s", i ? ", " : "",
				      formats_all[i].name);
}
