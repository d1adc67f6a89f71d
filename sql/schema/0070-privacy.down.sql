drop table privacy_requests, redacted_orders, payloads_to_reduce, privacy_marks;
