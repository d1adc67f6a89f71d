-- Sets the stock of product $1 to $2 if $3, else adds $2; $4 is the reason, $5 who did it, $6
-- LOW_STOCK_THRESHOLD. Returns null if there is no such product.
select r_on_hand, r_delta
from stock_adjust($1::bigint, $2::int, $3::boolean, $4::text, $5::text, $6::int)
