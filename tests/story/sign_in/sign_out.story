Story: who signs out is out, also with a copy of the cookie

Given a tenant "tea" owned by mei
And thief has a copy of mei's cookie
When thief gets /session
Then the answer is 200
When mei signs out
Then the answer is 204
And the header "set-cookie" contains "Max-Age=0"
And "session.closed" was recorded once by mei
When mei gets /session
Then the answer is 401 "session.required"
When thief gets /session
Then the answer is 401 "session.required"
And nothing was written and nothing was published
