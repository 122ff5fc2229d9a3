Story: who is moved to another store sees the new one and no longer the old one

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And wang works at store "S1" and may store.view
When wang gets /stores
Then answer.items[0].code is S1
When mei patches /staff/$staff.wang
  { "node_id": "$node.S2", "version": 1 }
Then the answer is 200
And answer.node_name is "Store S2"
And "staff.edited" was recorded once by mei
When wang gets /stores
Then answer.total is 1
And answer.items[0].code is S2
When wang gets /stores/$store.S1
Then the answer is 403 "permission.outside_scope"
