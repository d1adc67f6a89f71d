// SPDX-License-Identifier: MIT
// usage: receiver.mjs KEYS PORTFILE DELIVERIES
// An endpoint that believes only what it has verified: with the package of Standard
// Webhooks, with Node's crypto, and as those do who hash the bytes of the body or spell what they
// parsed anew. KEYS is JSON: of each path the keys that it has, {key, headers}; `headers` says
// whether X-Webhook-Signature is by that key too. Answers 200 to what all of them accept, 400 to
// anything else; GET /report tells how many there were. Each is a JSON line in DELIVERIES.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { hexed, respelled, standard } from './signature.mjs';

const { Webhook } = createRequire(import.meta.url)('standardwebhooks');
const [keysFile, portFile, deliveriesFile] = process.argv.slice(2);
const report = {};

const said = (headers) => ({
	id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], signature: headers['webhook-signature'],
});

// Which checks refuse it.
function refusals(keys, headers, body) {
	const hash = headers['x-webhook-signature'], no = [];
	const check = (name, good) => good || no.push(name);
	for (const { key, headers: hashed } of keys) {
		check('crypto', standard(key, said(headers), body));
		if (!key.startsWith('whpk_'))
			try {
				const event = new Webhook(key, key.startsWith('whsec_') ? {} : { format: 'raw' }).verify(body, headers);
				check('event', event.event === headers['x-webhook-event']);
			} catch (e) {
				no.push(`package: ${e.message}`);
			}
		if (hashed) {
			check('bytes', hexed(key, hash, body));
			check('spelled anew', hexed(key, hash, Buffer.from(respelled(JSON.parse(body)))));
		}
	}
	if (!keys.some((k) => k.headers))
		check('a hash that nobody can check', hash === undefined);
	return no;
}

createServer((request, answer) => {
	const path = request.url.slice(1), pieces = [];
	if (path === 'report')
		return answer.end(JSON.stringify(Object.fromEntries(Object.entries(report)
			.map(([name, r]) => [name, { ...r, ids: r.ids.size }]))));
	request.on('data', (piece) => pieces.push(piece)).on('end', () => {
		const body = Buffer.concat(pieces), keys = JSON.parse(readFileSync(keysFile))[path];
		const no = keys ? refusals(keys, request.headers, body) : ['no such path'];
		const r = report[path] ??= { accepted: 0, refused: 0, why: null, types: {}, ids: new Set() };
		const type = request.headers['x-webhook-event'];
		r[no.length ? 'refused' : 'accepted']++;
		r.why ??= no.length ? `${no} of ${body}` : null;
		r.types[type] = (r.types[type] ?? 0) + 1;
		r.ids.add(request.headers['webhook-id']);
		appendFileSync(deliveriesFile, JSON.stringify({ path, key: keys?.find((k) => k.headers)?.key ?? null,
			headers: request.headers, body: body.toString('base64') }) + '\n');
		answer.writeHead(no.length ? 400 : 200).end();
	});
}).listen(0, '127.0.0.1', function () {
	writeFileSync(`${portFile}.new`, String(this.address().port));
	renameSync(`${portFile}.new`, portFile);
});
