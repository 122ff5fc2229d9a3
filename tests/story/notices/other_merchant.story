Story: what one merchant is told no other hears, and what it says stands nowhere in clear

Given a tenant "cake" owned by hong
And a tenant "tea" owned by mei
When the house tells mei "account.locked"
  { "name": "Quiet-Harbour-Name", "minutes": "15" }
And mei gets /notices
Then answer.unread_count is 1
And the answer is called "bell"
When hong gets /notices
Then answer.unread_count is 0
When hong posts /notices/$bell.items[0].id/read
Then the answer is 404 "notice.not_found"
And the files on disk never hold "Quiet-Harbour-Name"
