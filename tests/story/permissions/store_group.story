Story: a group of stores is a place, and who holds a grant at it follows its stores

Given a tenant "tea" owned by mei
And a region "North"
And a store "S1" in region "North"
And a store "S2"
And a store "S3"
And a role "clerk" with store.view
And wang works at store "S3" and may order.view
When mei posts /store-groups
  { "name": "Airport", "node_ids": ["$region.North"] }
Then the answer complains about "node_ids": "store_group.not_a_store"
And nothing was written and nothing was published
When mei posts /store-groups
  { "name": "Airport", "node_ids": ["$node.S1", "$node.S3"] }
Then the answer is 201
And the answer is called "airport"
And "store_group.created" was recorded once by mei
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.clerk", "group_id": "$airport.id" } ] }
Then the answer is 200
And answer.items[0].group_name is Airport
When wang gets /stores
Then answer.total is 2
When mei patches /store-groups/$airport.id
  { "name": "Airport", "node_ids": ["$node.S2"], "version": 1 }
Then the answer is 200
When wang gets /stores
Then answer.total is 1
And answer.items[0].code is S2
When mei deletes /store-groups/$airport.id?version=2
Then the answer is 409 "store_group.in_use"
And nothing was written and nothing was published
# The whole tenant but one region.
When mei puts /staff/$staff.wang/grants
  { "version": 2, "grants": [ { "role_id": "$role.clerk", "node_id": "$headquarters",
                                "except_node_ids": ["$region.North"] } ] }
Then the answer is 200
When wang gets /stores
Then answer.total is 2
And the answer never says "S1"
