-- The token with credential $1 was used now.
update tokens set last_used_at = now() where credential = $1::text
