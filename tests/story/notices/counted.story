Story: the same again within the hour is counted, unread again, and not told anew

Given a tenant "tea" owned by mei
And a store "S1"
And li works at store "S1" and may staff.view
When the house tells "sign_in.attack" about "203.0.113.9"
  { "network": "203.0.113.9", "count": "50" }
And li posts /notices/read
And 10 minutes pass
And the house tells "sign_in.attack" about "203.0.113.9"
  { "network": "203.0.113.9", "count": "90" }
And li gets /notices
Then answer.items has 1 entry
And answer.items[0].count is 2
And answer.items[0].severity is "critical"
And answer.unread_count is 1
