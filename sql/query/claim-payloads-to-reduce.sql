-- The next $1 payloads whose body must be reduced; in hex.
select m.payload_id, encode(p.body, 'hex')
from (select payload_id from payloads_to_reduce order by payload_id limit $1::int for update skip locked) m
left join payloads p on p.id = m.payload_id
order by m.payload_id
