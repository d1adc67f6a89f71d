-- Sets ($3) the stock of product $1 to $2, or adds $2, for the reason $4, by
-- $5; $6 is LOW_STOCK_THRESHOLD. Null where there is no such product.
select r_on_hand, r_delta
from stock_adjust($1::bigint, $2::int, $3::boolean, $4::text, $5::text, $6::int)
