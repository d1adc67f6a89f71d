// SPDX-License-Identifier: MIT
// usage: vectors.mjs FILE.case…: a receiver accepts each signature that the signer was held to,
// and nothing that differs from it. Speaks TAP.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { verify } from 'node:crypto';
import { hexed, hmac, publicKey, shopify, standard, timed } from './signature.mjs';

const { Webhook } = createRequire(import.meta.url)('standardwebhooks');
let count = 0, failed = 0;
const ok = (good, name) => {
	count++;
	failed += good ? 0 : 1;
	console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name}`);
};

// As tests/unit/unit.h reads them: blocks of `key: value`; each key has a list of Buffers.
const unescaped = (text) => Buffer.concat([...Buffer.from(text, 'utf8').toString('latin1')
	.matchAll(/\\x([0-9a-fA-F]{2})|\\([nrt\\])|([^])/g)]
	.map(([, hex, letter, plain]) => hex ? Buffer.from(hex, 'hex')
		: Buffer.from(letter ? { n: '\n', r: '\r', t: '\t', '\\': '\\' }[letter] : plain, 'latin1')));
const cases = (file) => readFileSync(file, 'utf8').split(/\n\n+/).map((block) => {
	const fields = {};
	for (const line of block.split('\n').filter((l) => l && !l.startsWith('#')))
		(fields[line.slice(0, line.indexOf(':'))] ??= []).push(unescaped(line.slice(line.indexOf(':') + 2)));
	return fields;
});
const text = (field) => field?.[0].toString();

function packaged(secret, headers, body, now) {
	const real = Date.now;
	Date.now = () => now * 1000;
	try {
		new Webhook(secret, secret.startsWith('whsec_') ? {} : { format: 'raw' }).verify(body, headers, { jsonParse: false });
		return true;
	} catch (e) {
		if (e.name !== 'WebhookVerificationError') throw e;
		return false;
	} finally {
		Date.now = real;
	}
}

const flipped = (bytes) => {
	const other = Buffer.from(bytes);
	other[other.length >> 1] ^= 1;
	return other;
};
const zeros = { v1: 'A'.repeat(43) + '=', v1a: 'A'.repeat(86) + '==' };

function standardCase(name, key, c) {
	const [id, time] = [text(c.id), text(c.time)], now = Number(time), body = c.signed[0];
	const good = { id, timestamp: time, signature: text(c.v1) };
	const version = key.startsWith('whpk_') ? 'v1a' : 'v1';
	const takes = (change, bytes = body, at = now) => standard(key, { ...good, ...change }, bytes, at);
	const one = good.signature.split(' ').find((signature) => takes({ signature })) ?? '';

	ok(takes({}), `${name}: accepted`);
	ok(takes({}, body, now + 300) && takes({}, body, now - 300), '... five minutes away');
	ok(!takes({}, body, now + 301) && !takes({}, body, now - 301), '... no second more, either way');
	ok(!takes({}, body.length ? flipped(body) : Buffer.from('\0')), '... not with one bit of the body changed');
	ok(!takes({}, Buffer.concat([body, Buffer.from('\n')])), '... not with a line end more');
	ok(!takes({ id: `${id}x` }) && !takes({ id: '' }), '... not with another id, or none');
	ok(!takes({ timestamp: String(now + 1) }), '... not at another time');
	ok([`${time}abc`, ` ${time}`, `+${time}`, `${time}.0`, `0x${now.toString(16)}`,
		''].every((timestamp) => !takes({ timestamp })),
		'... not where the time is no digits');
	ok(takes({ signature: `v9,x v1 v2 ${one}` }), '... versions that nobody knows are skipped');
	ok(!takes({ signature: one.replace('v1', 'v9') }) && !takes({ signature: '' }), '... and prove nothing');
	ok(takes({ signature: `${version},${zeros[version]} ${one}` })
		&& takes({ signature: `${one} ${version},${zeros[version]}` }),
		'... any match of several will do');
	ok(!takes({ signature: `${version},${zeros[version]}` })
		&& !takes({ signature: `${version},${flipped(Buffer.from(one.split(',')[1], 'base64')).toString('base64')}` }),
		'... a wrong one does not');
	ok(!takes({ signature: one.replace(/=+$/, '') }) && !takes({ signature: `${one}\n` }),
		'... nor one in a spelling of its own');
	if (version === 'v1a')
		return;
	const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': good.signature };
	ok(packaged(key, headers, body, now), '... the package accepts it');
	ok(!packaged(key, headers, flipped(Buffer.concat([body, Buffer.from('  ')])), now)
		&& !packaged(key, headers, body, now + 301),
		'... and not another, nor late');
	if (!key.startsWith('whsec_'))
		ok(!packaged(`whsec_${key}`, headers, body, now), '... nor with the key decoded that was not');
}

function bareCase(name, c) {
	const body = c.body[0], hex = text(c.hex), time = text(c.time);
	const content = Buffer.concat([Buffer.from((time ?? '') + (text(c.joint) ?? '')), body]);
	if (c.pair) {
		const takes = (bytes) => verify(null, bytes, publicKey(c.pair[0].subarray(32)), Buffer.from(hex, 'hex'));
		ok(takes(content) && !takes(Buffer.concat([content, Buffer.from('x')])), `${name}: accepted, and not another`);
		return;
	}
	const key = Buffer.concat(Array(Number(text(c['key-times']) ?? 1)).fill(c.key[0]));
	ok(hmac(key, content).toString('hex') === hex && hmac(key, flipped(content)).toString('hex') !== hex,
		`${name}: accepted, and not another`);
	if (!time)
		return;
	const takes = (header, bytes = body, at = Number(time)) => timed(key, header, bytes, text(c.joint), at);
	ok(takes(`t=${time},v1=${hex}`) && takes(`t=${time},v1=${'0'.repeat(64)},v1=${hex}`),
		'... in its header, any match of two');
	ok(!takes(`t=${time},v1=${hex}`, flipped(body)) && !takes(`t=${time},v0=${hex}`) && !takes(`t=${time}abc,v1=${hex}`),
		'... not another');
	ok(!takes(`t=${time},v1=${hex}`, body, Number(time) + 301) && !takes(`t=${time},v1=${hex}`, body, Number(time) - 301),
		'... not late, and not early');
}

for (const file of process.argv.slice(2))
	for (const c of cases(file)) {
		const name = text(c.case), keys = [...(c.secret ?? []).map(String), text(c.public)].filter((key) => key
			&& !key.startsWith('whsk_'));
		if (c.signed && c.v1 && text(c.v1) !== 'none')
			for (const key of keys)
				standardCase(name, key, c);
		if (c.signed && c.sha256 && text(c.sha256) !== 'none')
			ok(hexed(keys[0], text(c.sha256), c.signed[0]) && !hexed(keys[0], text(c.sha256), flipped(c.signed[0])),
				`${name}: accepted, and not another`);
		if (c.secrets) {
			const body = Buffer.concat(Array(Number(text(c.times) ?? 1)).fill(c.body[0]));
			const secrets = text(c.secrets).split(/[, \t\n]+/).filter(Boolean);
			ok(shopify(secrets, c.header && c.header[0].toString('latin1'), body) === (text(c.answer) === 'yes'),
				`${name}: as said`);
		}
		if (c.hex)
			bareCase(name, c);
	}
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
