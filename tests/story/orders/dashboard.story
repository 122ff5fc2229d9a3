Story: the day's sales stand on the dashboard and in the report, refunds taken off

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And a product "cake" of 20.00
And wang works at store "S1" and may dashboard.view, report.sales
And mei took the order "one" at store "S1": 2 "milk-tea"
And mei took the order "two" at store "S1": 1 "cake"
And mei took the order "three" at store "S2": 1 "cake"
When mei posts /orders/$two.id/refund
  { "reason": "it was dry", "version": 1 }
Then the answer is 200
When mei gets /dashboard?day=2026-11-22
Then the answer is 200
And answer.today.gross_fen is 6400
And answer.today.refund_fen is 2000
And answer.today.net_fen is 4400
And answer.today.orders_count is 3
When wang gets /dashboard?day=2026-11-22
Then answer.today.gross_fen is 4400
And answer.today.net_fen is 2400
When mei gets /reports/sales?by=store&from=2026-11-22&to=2026-11-22
Then answer.total.net_fen is 4400
And answer.rows has 2 entries
When wang gets /reports/sales?by=store&from=2026-11-22&to=2026-11-22
Then answer.total.net_fen is 2400
And answer.rows has 1 entry
And the answer never says "Store S2"
