-- It catches an exception by a subtransaction, which a parallel plan may not have.
alter function event_json(json) parallel unsafe;
