Story: who changes her second factor can end what was opened before it, in the same breath

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
Given mei uses an authenticator app
When thief gets /session
Then the answer is 200
When mei deletes /sessions
Then the answer is 204
And "session.others_ended" was recorded once by mei
When thief gets /session
Then the answer is 401 "session.required"
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "second_factor.required"
When mei deletes /session/totp
Then the answer is 204
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When mei deletes /sessions
Then the answer is 204
When phone gets /session
Then the answer is 401 "session.required"
