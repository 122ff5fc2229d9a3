Story: why somebody can do something somewhere, and why not

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a role "clerk" with order.view
And wang works at store "S1" as "clerk"
When mei gets /staff/$staff.wang/explain?permission=order.view&node_id=$node.S1
Then the answer is 200
And answer.allowed is true
And answer.missing is nothing
And answer.reasons[0].verdict is gives
And answer.reasons[0].grant.role_name is clerk
When mei gets /staff/$staff.wang/explain?permission=order.view&node_id=$node.S2
Then answer.allowed is false
And answer.missing is place
And answer.reasons[0].verdict is elsewhere
When mei gets /staff/$staff.wang/explain?permission=order.refund&node_id=$node.S1
Then answer.missing is permission
And answer.reasons[0].verdict is lacks
When mei gets /staff/$staff.wang/explain?permission=order.fly&node_id=$node.S1
Then the answer complains about "permission": "permission.unknown"
When mei posts /staff/$staff.wang/suspend
  { "version": 1 }
Then the answer is 200
When mei gets /staff/$staff.wang/explain?permission=order.view&node_id=$node.S1
Then answer.allowed is false
And answer.missing is account
