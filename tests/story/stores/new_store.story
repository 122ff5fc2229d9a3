Story: a new store stands in the tree under its region, and its code is its own

Given a tenant "tea" owned by mei
And a region "North"
When mei posts /stores
  { "parent_id": "$region.North", "code": "S1", "name": "Harbour", "address": "Pier 3",
    "opening_hours": [ { "weekday": 1, "opens": "07:00", "closes": "22:00" } ] }
Then the answer is 201
And answer.code is S1
And answer.parent_name is North
And answer.state is open
And answer.opening_hours has 1 entry
And the answer is called "harbour"
And "store.created" was recorded once by mei
When mei gets /org-nodes
Then answer.items has 3 entries
When mei posts /stores
  { "parent_id": "$region.North", "code": "S1", "name": "Another" }
Then the answer is 409 "store.code_taken"
And nothing was written and nothing was published
When mei gets /stores?q=Harb
Then answer.total is 1
And answer.items[0].id is $harbour.id
