-- Networks that a user signed in from: guesses from everywhere else do not keep the user out there.
create table user_networks (
  credential text not null,
  net        text not null,
  at         timestamptz not null default now(),
  primary key (credential, net)
);
