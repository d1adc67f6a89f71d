-- Sets the stock of product $1 to $2, adds $2, or takes it as a count at the time $7: $3 is set, add or count;
-- $4 is the reason, $5 who did it, $6 LOW_STOCK_THRESHOLD. Returns null if there is no such product.
select r_on_hand, r_delta
from stock_change($1::bigint, $2::int, $3::text, $7::text::timestamptz, $4::text, $5::text, $6::int)
