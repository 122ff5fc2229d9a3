Story: where a second factor is required, who has none may only set one up

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And the setting "identity.second_factor_required" is "true"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
And answer.second_factor is false
And answer.second_factor_required is true
And answer.permissions has 0 entries
When mei gets /orders
Then the answer is 403 "permission.denied"
When mei gets /session/safety
Then the answer is 200
Given mei uses an authenticator app
When mei gets /orders
Then the answer is 200
When mei gets /session
Then answer.second_factor is true
# Doing away with it takes the rest away again, from this moment on.
When mei deletes /session/totp
Then the answer is 204
When mei gets /orders
Then the answer is 403 "permission.denied"
