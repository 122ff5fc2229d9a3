Story: who finds an open screen cannot take the second factor away

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei uses an authenticator app
And thief has a copy of mei's cookie
When 6 minutes pass
And thief deletes /session/totp
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When thief posts /session/step-up
  { "password": "guess" }
Then the answer is 422 "input.invalid"
And the answer complains about "password": "password.wrong"
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
And "session.verified" was recorded once
When thief gets /session
Then the answer is 401 "session.required"
When mei deletes /session/totp
Then the answer is 204
And "second_factor.removed" was recorded once
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
