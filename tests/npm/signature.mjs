// SPDX-License-Identifier: MIT
// What a careful receiver makes of signatures, with Node's crypto alone: bytes are hashed as they
// came, base64 is read strictly, a time is digits, and it is within five minutes both ways.
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';

const WINDOW = 300;

const decode = (text) => {
	const bytes = Buffer.from(text, 'base64');
	return bytes.toString('base64') === text ? bytes : null;
};

export const hmac = (key, bytes) => createHmac('sha256', key).update(bytes).digest();

const same = (a, b) => a !== null && a.length === b.length && timingSafeEqual(a, b);

// Of a whpk_, or of raw bytes.
export const publicKey = (key) => createPublicKey({
	key: { kty: 'OKP', crv: 'Ed25519',
		x: Buffer.from(typeof key === 'string' ? decode(key.slice(5)) : key).toString('base64url') },
	format: 'jwk',
});

const fresh = (stamp, now) => /^[0-9]{1,12}$/.test(stamp) && Math.abs(now - Number(stamp)) <= WINDOW;

// Standard Webhooks: v1 by a whsec_ or a text, v1a by a whpk_.
export function standard(key, { id, timestamp, signature }, body, now = Date.now() / 1000) {
	if (!id || !signature || !fresh(timestamp, now)) return false;
	const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
	const asymmetric = key.startsWith('whpk_');
	let good = false;
	for (const one of signature.split(' ')) {
		const [version, text] = one.split(',', 2);
		if (text === undefined) continue;
		if (asymmetric && version === 'v1a')
			good = verify(null, content, publicKey(key), decode(text) ?? Buffer.alloc(64)) || good;
		else if (!asymmetric && version === 'v1')
			good = same(decode(text), hmac(key.startsWith('whsec_') ? decode(key.slice(6)) : key, content)) || good;
	}
	return good;
}

// sha256= and the hex of the body's HMAC.
export const hexed = (key, header, body) =>
	/^sha256=[0-9a-f]{64}$/.test(header ?? '') && same(Buffer.from(header.slice(7), 'hex'), hmac(key, body));

// Base64 of the body's HMAC.
export const shopify = (keys, header, body) =>
	keys.map((key) => same(decode(header ?? ''), hmac(key, body))).includes(true);

// t=SECONDS,v1=HEX: Stripe's, over TIME.BODY, and with a comma Convoy's.
export function timed(key, header, body, joint = '.', now = Date.now() / 1000) {
	const fields = header.split(',').map((field) => field.split('=', 2));
	const stamp = fields.find(([name]) => name === 't')?.[1] ?? '';
	const want = hmac(key, Buffer.concat([Buffer.from(stamp + joint), body]));
	return fresh(stamp, now) && fields.filter(([name]) => name === 'v1')
		.map(([, hex]) => /^[0-9a-f]{64}$/.test(hex) && same(Buffer.from(hex, 'hex'), want)).includes(true);
}

// A text as Python's json.dumps(json.loads(text), sort_keys=True) spells it: what has no fraction.
export function respelled(value) {
	if (Array.isArray(value)) return `[${value.map(respelled).join(', ')}]`;
	if (value === null || typeof value !== 'object')
		return JSON.stringify(value).replace(/[\u007f-\uffff]/g,
			(c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
	return `{${Object.keys(value).sort().map((key) => `${respelled(key)}: ${respelled(value[key])}`).join(', ')}}`;
}
