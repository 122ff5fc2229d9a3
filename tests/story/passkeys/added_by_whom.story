Story: who finds an open screen cannot leave a passkey of his own there

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And thief has a copy of mei's cookie
When 6 minutes pass
And thief adds a passkey on the laptop
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
When mei adds a passkey on the laptop of an algorithm nobody knows
Then the answer is 422 "input.invalid"
And "passkey.added" was recorded never
When mei adds a passkey on the laptop made for another page
Then the answer is 422 "input.invalid"
When mei adds a passkey on the laptop without her finger
Then the answer is 422 "input.invalid"
When mei adds a passkey on the laptop
Then the answer is 201
And answer.codes has 10 entries
And "passkey.added" was recorded once
