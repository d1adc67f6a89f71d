-- Roles of PostgreSQL with the least that each part of Fulfil needs: run by the owner of the tables, or a
-- superuser, after fulfil-migrate up, and again after each upgrade (it is the same however often).
--
--	psql -d "$DATABASE_URL" -f roles.sql
--
-- They are groups; a user who connects is made and put into one of them:
--
--	create role intake login password '…' in role fulfil_intake;
--
-- fulfil_intake  takes in orders: it sees no token, no password and no secret of a webhook
-- fulfil_api     the API and signing in: what people change; it neither takes in nor books what is sold
-- fulfil_work    workers, importers, the sender, the scan: everything but tokens, passwords and sign-in
-- None of them owns anything: they drop, alter, truncate and make no table that stays, change no migration,
-- and what the ledger says is added to only.
\set ON_ERROR_STOP on
set client_min_messages = warning;
begin;
select pg_advisory_xact_lock(7103221) \gset
select current_schema() as schema, current_database() as database \gset

select format('create role %I nologin', name)
from unnest(array['fulfil_intake', 'fulfil_api', 'fulfil_work']) name
where not exists (select from pg_roles where rolname = name) \gexec

grant connect, temporary on database :"database" to fulfil_intake, fulfil_api, fulfil_work;
revoke create on schema :"schema" from public;
grant usage on schema :"schema" to fulfil_intake, fulfil_api, fulfil_work;
revoke all on all tables in schema :"schema" from public, fulfil_intake, fulfil_api, fulfil_work;
grant select, insert, update, delete on all tables in schema :"schema" to fulfil_intake, fulfil_api, fulfil_work;
grant usage, select on all sequences in schema :"schema" to fulfil_intake, fulfil_api, fulfil_work;

-- Which migrations there are is read at every start, and written by the owner alone.
revoke insert, update, delete on schema_migrations from fulfil_intake, fulfil_api, fulfil_work;
-- History is added to.
revoke update, delete on ledger from fulfil_intake, fulfil_api, fulfil_work;
-- Who may come in.
revoke all on tokens, user_networks, sign_in_codes, sign_in_failures, ended_sessions, idempotency_keys from fulfil_intake, fulfil_work;
-- fulfil-token makes them, as the owner; the API notes that one was used.
revoke insert, update, delete on tokens from fulfil_api;
grant update (last_used_at) on tokens to fulfil_api;
-- The intake asks whether events are wanted, and by whom, not what they are signed with.
revoke all on webhooks, old_secrets, deliveries, attempts, uploads, upload_pieces, upload_rejects, imports,
  import_changes, feeds from fulfil_intake;
select format('grant select (%s) on webhooks to fulfil_intake', string_agg(quote_ident(attname), ', '))
from pg_attribute
where attrelid = 'webhooks'::regclass and attnum > 0 and not attisdropped
  and attname not in ('secret', 'headers', 'url') and attname not like 'previous%' \gexec
-- A redaction takes what receivers answered about an order.
grant select (id, event_id) on deliveries to fulfil_intake;
grant select (delivery_id, answer), update (answer) on attempts to fulfil_intake;
-- Payloads and the rest of what is taken in come by the intake and by workers.
revoke update, delete on payloads from fulfil_api;
commit;
