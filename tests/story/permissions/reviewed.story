Story: grants are looked at again, kept or taken away

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a role "clerk" with order.view
And a role "reviewer" with grant.review, order.view
And wang works at store "S1" as "clerk"
And li works at store "S2" as "reviewer"
When mei gets /grants
Then the answer is 200
And answer.total is 3
And answer.items[0].staff.name is mei
And answer.items[1].staff.name is wang
And answer.items[1].grant.place.node_name is "Store S1"
And answer.items[1].grant.given_by.name is mei
And the answer is called "all"
When mei gets /grants?due=true
Then answer.total is 0
# Who reviews one store neither sees nor touches another's.
When li gets /grants
Then answer.total is 1
And answer.items[0].staff.name is li
When li posts /grants/$all.items[1].id/keep
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When li deletes /grants/$all.items[1].id
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When 1 minute pass
And mei posts /grants/$all.items[1].id/keep
Then the answer is 200
And answer.grant.reviewed_by.name is mei
And "grant.kept" was recorded once by mei
When mei gets /grants
Then answer.items[2].staff.name is wang
When wang gets /orders
Then the answer is 200
When mei deletes /grants/$all.items[1].id
Then the answer is 204
And "grant.taken_away" was recorded once by mei
When wang gets /orders
Then the answer is 403 "permission.denied"
When mei deletes /grants/$all.items[1].id
Then the answer is 404 "grant.not_found"
