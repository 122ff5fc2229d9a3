Story: who answers for the whole house sees what concerns the whole house, whoever did it

Given a tenant "tea" owned by mei
And a store "S1"
And li works at headquarters and may role.view, role.edit, order.view
And wang works at store "S1" and may audit.view
When li posts /roles
  { "name": "watcher", "permissions": ["order.view"] }
Then the answer is 201
And "role.created" was recorded once by li
When stranger signs in as li of "tea" with password "guess-1"
Then the answer is 401 "session.refused"
When mei gets /audit-records?actor_id=$staff.li&action=role.created
Then answer.total is 1
And answer.items[0].actor.name is li
When mei gets /audit-records?action=session.refused
Then answer.total is 1
When the operator runs: tenant freeze tea --reason unpaid
And the operator runs: tenant thaw tea --reason paid
And mei gets /audit-records?action=tenant.frozen
Then answer.total is 1
And answer.items[0].actor.kind is system
When wang gets /audit-records?action=role.created
Then answer.total is 0
