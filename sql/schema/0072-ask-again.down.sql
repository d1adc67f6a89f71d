delete from privacy_requests r using privacy_requests earlier
where earlier.shop = r.shop and earlier.kind = r.kind and earlier.digest = r.digest and earlier.id < r.id;
drop index privacy_requests_asked;
alter table privacy_requests add constraint privacy_requests_shop_kind_digest_key unique (shop, kind, digest);
