-- The user with credential $1 signed in from network $2: written down once a day, and forgotten after 400.
with old as (delete from user_networks where at < now() - interval '400 days')
insert into user_networks as n (credential, net) values ($1::text, $2::text)
on conflict (credential, net) do update set at = now() where n.at < now() - interval '1 day'
