Story: trying ids is noticed; a stale page that asks for one thing again and again is not

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
When wang asks 40 times for /orders/0000000000001
Then the answer is 404 "order.not_found"
And "violations.alerted" was recorded never
When wang asks 9 times for /orders/00000000001{n}
Then the answer is 404 "order.not_found"
And "violations.alerted" was recorded once
