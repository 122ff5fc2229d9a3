Story: a cookie that somebody planted in her browser becomes no session of hers

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And thief has a copy of mei's cookie
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When thief gets /session
Then the answer is 401 "session.required"
When mei gets /session
Then the answer is 200
