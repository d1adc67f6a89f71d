// SPDX-License-Identifier: MIT
// payloads: payloads of Shopify's webhooks, made from the schemas that it publishes.
// usage: node payloads.mjs SCHEMAS COUNT SEED: for each schema COUNT different ones, a line each:
// TOPIC TAB JSON. What a schema asks for is there; what it leaves open is of every sort: extreme numbers,
// long and hostile texts, lists that are empty or long, keys left out.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [dir, count, seed] = process.argv.slice(2);
let state = Number(seed) >>> 0 || 1;
const below = (n) => { // xorshift32
	state ^= state << 13; state >>>= 0; state ^= state >>> 17; state ^= state << 5; state >>>= 0;
	return state % n;
};
const one = (list) => list[below(list.length)];

const formats = {
	'date-time': () => one(['2026-11-20T10:00:00Z', '2021-12-31T19:00:00-05:00', '2026-02-30T25:00:00Z', '0001-01-01T00:00:00Z']),
	uri: () => `gid://shopify/${one(['Order', 'Return', 'Refund', 'LineItem'])}/${below(1e6)}`,
	email: () => 'a+b@example.com',
	ipv4: () => '192.0.2.7',
	hostname: () => 'shop.example.com',
	time: () => '10:00:00',
	uuid: () => '123e4567-e89b-12d3-a456-426614174000',
};
const texts = ['', ' ', '0', '-1', '9.90', '1e999', 'A-1', 'return', 'restocked', 'paid', 'ABC\u00a0', 'ü€\u{1F600}', '\u202e\u0007\u0000x',
	"'; drop table orders; --", '<script>', 'x'.repeat(3000)];

function integer() {
	return one([0, 1, 2, 3, 5, -1, 2147483647, 2147483648, 4294967296, 9007199254740991, below(100), below(1e9)]);
}

function make(schema, depth) {
	if (schema === false || schema === undefined) return null;
	if (schema === true) return one(texts);
	if (schema.anyOf) return make(one(schema.anyOf), depth);
	let type = depth === 0 ? 'object' : Array.isArray(schema.type) ? one(schema.type) : schema.type;
	if (!type) type = schema.properties ? 'object' : schema.items ? 'array' : depth === 0 ? 'object' : 'string';
	switch (type) {
		case 'null': return null;
		case 'boolean': return below(2) === 1;
		case 'integer': return integer();
		case 'number': return one([0, 1.5, -2.25, 1e300, integer()]);
		case 'array': {
			if (schema.items === false) return [];
			return Array.from({ length: one([0, 1, 1, 2, 3, depth < 3 ? 20 : 2]) }, () => make(schema.items, depth + 1));
		}
		case 'object': {
			const out = {};
			const asked = new Set(schema.required ?? []);
			for (const [key, value] of Object.entries(schema.properties ?? {}))
				if (asked.has(key) || below(4)) out[key] = make(value, depth + 1);
			return out;
		}
		default: return schema.format in formats ? formats[schema.format]() : one(texts);
	}
}

// An order has to have an id, or nothing could be known of it.
function mend(topic, payload) {
	if (/^(orders|draft_orders)\//.test(topic)) payload.id = 1 + below(1e9);
	if ('order_id' in payload) payload.order_id = 1 + below(1e9);
	if (payload.order_edit) payload.order_edit.order_id = 1 + below(1e9);
	return payload;
}

const seen = new Set();
for (const name of readdirSync(dir, { recursive: true }).filter((n) => n.endsWith('.json')).sort()) {
	const text = readFileSync(join(dir, name), 'utf8');
	const topic = name.replace(/^[^/]*\//, '').replace(/\.json$/, '');
	if (seen.has(topic + text)) continue; // the same as in another version
	seen.add(topic + text);
	for (let i = 0; i < Number(count); i++)
		process.stdout.write(`${topic}\t${JSON.stringify(mend(topic, make(JSON.parse(text), 0)))}\n`);
}
