Story: a session that rests for more than half an hour is over

Given a tenant "tea" owned by mei
When mei gets /session
Then the answer is 200
When 29 minutes pass
And mei gets /session
Then the answer is 200
When 29 minutes pass
And mei gets /session
Then the answer is 200
When 31 minutes pass
And mei gets /session
Then the answer is 401 "session.required"
And nothing was written and nothing was published
When mei posts /categories
  { "name": "Drinks" }
Then the answer is 401 "session.required"
And nothing was written and nothing was published
