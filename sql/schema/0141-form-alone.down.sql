alter function event_json(json) parallel safe;
