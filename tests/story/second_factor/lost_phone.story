Story: an administrator removes the second factors of who lost her phone, and says why

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And a store "S1"
And wang works at store "S1" and may order.view
And wang uses an authenticator app
And wang keeps a passkey on the tablet
And li works at store "S1" and may staff.view, staff.edit
When li posts /staff/$staff.wang/second-factors/remove
  { "reason": "lost her phone" }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When 6 minutes pass
And mei posts /staff/$staff.wang/second-factors/remove
  { "reason": "lost her phone" }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
When mei posts /staff/$staff.wang/second-factors/remove
  { }
Then the answer is 422 "input.invalid"
And the answer complains about "reason": "field.required"
When mei posts /staff/$staff.wang/second-factors/remove
  { "reason": "lost her phone" }
Then the answer is 204
And "staff.factors_removed" was recorded once by mei
When wang gets /session
Then the answer is 401 "session.required"
When thief signs in with the passkey on the tablet
Then the answer is 401 "passkey.refused"
When mei posts /staff/$staff.wang/second-factors/remove
  { "reason": "once more" }
Then the answer is 404 "second_factor.not_found"
When mei posts /staff/$staff.wang/sign-in-link
Then the answer is 200
And the answer is called "fresh"
When wang opens the sign-in link $fresh.token
Then the answer is 200
When wang gets /notices
Then answer.items[0].kind is "second_factor.removed"
