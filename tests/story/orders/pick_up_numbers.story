Story: pick-up numbers count per store and begin anew each business day, which is the merchant's day

Given the time is 2026-11-22T15:55:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
When mei takes an order at store "S1": 1 "milk-tea"
Then answer.pick_up_number is A001
And answer.business_day is 2026-11-22
When mei takes an order at store "S1": 1 "milk-tea"
Then answer.pick_up_number is A002
When mei takes an order at store "S2": 1 "milk-tea"
Then answer.pick_up_number is A001
When 10 minutes pass
And mei takes an order at store "S1": 1 "milk-tea"
Then answer.pick_up_number is A001
And answer.business_day is 2026-11-23
