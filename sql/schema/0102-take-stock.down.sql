alter table orders drop unpaid;
