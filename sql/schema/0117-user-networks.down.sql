drop table user_networks;
