-- The body of shop/redact is the same each time that a shop goes, and so is that of a customer without
-- orders: the same bytes are a repetition only while the request is still to be done. A request for data has a
-- number, so its bytes are always one.
alter table privacy_requests drop constraint privacy_requests_shop_kind_digest_key;
create unique index privacy_requests_asked on privacy_requests (shop, kind, digest)
  where done_at is null or kind = 'data_request';
