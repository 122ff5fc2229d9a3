Story: before a role is changed one sees who gains and loses what, and nothing happens yet

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
And a role "viewer" with member.view
And wang works at store "S1" as "clerk"
And li works at store "S1" as "clerk"
When mei posts /roles/$role.clerk/preview
  { "permissions": ["member.view"] }
Then the answer is 200
And answer.people_count is 2
And answer.changes has 2 entries
And answer.changes[0].permission is order.view
And answer.changes[0].lose.people_count is 2
And answer.changes[1].permission is member.view
And answer.changes[1].gain.people_count is 2
And answer.changes[1].gain.people has 2 entries
And nothing was written and nothing was published
When mei puts /staff/$staff.wang/grants
  { "version": 1, "grants": [ { "role_id": "$role.clerk", "node_id": "$node.S1" },
                              { "role_id": "$role.viewer", "node_id": "$node.S1" } ] }
Then the answer is 200
When mei posts /roles/$role.clerk/preview
  { "permissions": ["order.view", "member.view"] }
Then answer.people_count is 1
And answer.changes[0].gain.people[0].id is $staff.li
When mei posts /roles/$role.clerk/preview
  { "permissions": ["order.fly"] }
Then the answer complains about "permissions[0]": "permission.unknown"
