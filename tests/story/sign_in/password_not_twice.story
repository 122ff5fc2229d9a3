Story: a password is not changed twice in a day, nor back to one that was had before

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
And phone posts /session/password
  { "current_password": "Quiet-Harbour-7", "new_password": "Bright-Morning-9" }
Then the answer is 422 "input.invalid"
And the answer complains about "new_password": "password.too_young"
And nothing was written and nothing was published
When 25 hours pass
And phone signs in as mei of "tea" with password "Quiet-Harbour-7"
And phone posts /session/password
  { "current_password": "Quiet-Harbour-7", "new_password": "Quiet-Harbour-7" }
Then the answer is 422 "input.invalid"
And the answer complains about "new_password": "password.used_before"
