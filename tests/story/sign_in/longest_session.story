Story: even a busy session ends after twelve hours

Given a tenant "tea" owned by mei
When mei keeps busy for 11 hours
And mei gets /session
Then the answer is 200
When mei keeps busy for 1 hours
And mei gets /session
Then the answer is 401 "session.required"
And nothing was written and nothing was published
