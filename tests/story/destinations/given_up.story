Story: an event that will never be delivered is given up with a reason, by who proved who she is

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And a store "S1"
And a category "Drinks"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may destination.view, destination.edit
And thief has a copy of mei's cookie
When wang posts /destinations
  { "name": "Mine", "events": ["*"] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When mei posts /destinations
  { "name": "ERP", "events": ["no.such"] }
Then the answer complains about "events": "field.unknown"
And nothing was written and nothing was published
When wang posts /destinations
  { "name": "Till", "events": ["order.*"], "node_id": "$node.S1" }
Then the answer is 201
And the answer is called "till"
Given the broker never takes "order.placed"
And mei took the order "first" at store "S1": 1 "milk-tea"
When wang gets /destinations/$till.id/dead-letters
Then the answer is called "letters"
When wang gets /dead-letters/$letters.items[0].id
Then answer.may_read is false
And answer.payload is ""
When 6 minutes pass
And thief posts /dead-letters/$letters.items[0].id/discard
  { "reason": "hide it" }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief deletes /destinations/$till.id?version=1
Then the answer is 403 "session.step_up_required"
