Story: a session that turns up in another browser ends, and its owner is told

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And thief has a copy of mei's cookie
When thief gets /session with header "user-agent" "Curl/8" from address 203.0.113.9
Then the answer is 401 "session.moved"
When thief gets /session with header "user-agent" "Curl/8" from address 203.0.113.9
Then the answer is 401 "session.required"
When mei gets /session
Then the answer is 401 "session.required"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When mei gets /notices
Then answer.items[0].kind is "session.moved"
And answer.items[0].count is 1
When mei gets /audit-records?action=session.moved
Then answer.items has 1 entries
