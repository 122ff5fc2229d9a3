Story: a grant begins and ends by the clock, also for who is signed in

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And a role "stand-in" with order.view
And wang works at store "S1" and may store.view
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.stand-in", "node_id": "$node.S1",
      "valid_from": "2026-11-22T11:00:00.000Z", "valid_until": "2026-11-22T10:30:00.000Z" } ] }
Then the answer complains about "valid_until": "grant.ends_before_it_begins"
And nothing was written and nothing was published
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.stand-in", "node_id": "$node.S1",
      "valid_from": "2026-11-22T10:10:00.000Z", "valid_until": "2026-11-22T10:20:00.000Z" } ] }
Then the answer is 200
And answer.items[0].state is later
When wang gets /orders
Then the answer is 403 "permission.denied"
When 10 minutes pass
And wang gets /orders
Then the answer is 200
When 9 minutes pass
And wang gets /orders
Then the answer is 200
When wang listens to the live events
Then the answer is 200
# Remembered as good a moment before; nobody writes anything at the end.
When 1 minute pass
And wang gets /orders
Then the answer is 403 "permission.denied"
When mei gets /staff/$staff.wang/grants
Then answer.items[0].state is over
