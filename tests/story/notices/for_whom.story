Story: a notice is heard by the person and by who holds the permission, and by nobody else

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
And li works at store "S1" and may staff.view
And zhou works at store "S1" and may order.view
When the house tells wang "account.locked"
  { "name": "wang", "minutes": "15" }
Then "notice.told" was published twice
When zhou gets /notices
Then answer.unread_count is 0
And answer.items has no entries
When wang gets /notices
Then answer.unread_count is 1
And answer.items[0].kind is "account.locked"
And answer.items[0].unread is true
And answer.items[0].text_en contains "15 minutes"
And the answer is called "bell"
When li gets /notices
Then answer.unread_count is 1
When zhou posts /notices/$bell.items[0].id/read
Then the answer is 404 "notice.not_found"
And nothing was written and nothing was published
When wang posts /notices/$bell.items[0].id/read
Then the answer is 200
And answer.unread_count is 0
When li gets /notices
Then answer.unread_count is 1
