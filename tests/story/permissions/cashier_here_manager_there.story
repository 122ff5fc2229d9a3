Story: a cashier of one store who manages another manages only the other

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And a role "cashier" with order.view, order.place
And a role "manager" with order.view, order.refund, store.view, store.edit
And wang works at store "S1" as "cashier"
And mei took the order "here" at store "S1": 1 "milk-tea"
And mei took the order "there" at store "S2": 1 "milk-tea"
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.cashier", "node_id": "$node.S1" },
                              { "role_id": "$role.manager", "node_id": "$node.S2" } ] }
Then the answer is 200
And answer.items has 2 entries
And answer.items[1].place.node_name is "Store S2"
And answer.items[1].given_by.name is "mei"
And "staff.grants_set" was recorded once by mei
When wang gets /orders/$here.id
Then answer.may has no entries
When wang gets /orders/$there.id
Then answer.may contains order.refund
When wang posts /orders/$here.id/refund
  { "reason": "in the wrong store", "version": 1 }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang patches /stores/$store.S1
  { "name": "mine now", "version": 1 }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang gets /stores
Then answer.total is 1
And answer.items[0].code is S2
When wang gets /orders
Then answer.total is 2
When wang posts /orders with key "no-cashier-there"
  { "store_id": "$store.S2", "mode": "pick_up", "payment": { "tender": "cash", "amount_fen": 1200 },
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": [] } ] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When wang posts /orders/$there.id/refund
  { "reason": "it was cold", "version": "$there.version" }
Then the answer is 200
# Sent twice in haste: the second does not know the first.
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [] }
Then the answer is 409 "staff.stale"
And nothing was written and nothing was published
