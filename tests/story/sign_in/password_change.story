Story: a new password ends every other session of the account at once

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When 25 hours pass
And mei signs in as mei of "tea" with password "Quiet-Harbour-7"
And phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When phone posts /session/password
  { "current_password": "wrong-one", "new_password": "Bright-Morning-9" }
Then the answer is 422 "input.invalid"
And the answer complains about "current_password": "password.wrong"
And nothing was written and nothing was published
When phone posts /session/password
  { "new_password": "Bright-Morning-9" }
Then the answer is 422 "input.invalid"
And the answer complains about "current_password": "field.required"
When phone posts /session/password
  { "current_password": "Quiet-Harbour-7", "new_password": "Bright-Morning-9" }
Then the answer is 204
And "session.password_changed" was recorded once
When phone gets /session
Then the answer is 200
When mei gets /session
Then the answer is 401 "session.required"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "session.refused"
When mei signs in as mei of "tea" with password "Bright-Morning-9"
Then the answer is 200
