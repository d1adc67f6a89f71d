-- Starts the orders whose turn has come to get what they wait for; those that have waited for $2 days
-- wait no longer (0: for ever). $1 is HOLD_LINE.
select backorders_wake($1::boolean), case when $2::int > 0 then backorders_expire($2) end
