-- Settings of the transaction of analyze-products.
select set_config('default_statistics_target', '10', true), set_config('statement_timeout', '0', true)
