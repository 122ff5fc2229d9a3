Story: who runs the platform can do nothing there before she has a second factor, and is asked for it each time

Given a tenant "tea" owned by mei
And kim begins at the platform
When kim gets /session
Then the answer is 200
And answer.second_factor_required is true
And answer.second_factor is false
And answer.permissions has 0 entries
When kim gets /platform/merchants
Then the answer is 403 "permission.denied"
When kim posts /platform/merchants/tea/freeze
  { "reason": "before the second factor" }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
Given the setting "identity.second_factor_required" is "false"
When kim gets /platform/merchants
Then the answer is 403 "permission.denied"
Given kim's password is "Round-Lantern-9"
And kim uses an authenticator app
When kim gets /platform/merchants
Then the answer is 200
And answer.total is 1
And answer.items[0].code is tea
Given laptop sits before the platform's console
When laptop signs in as kim of "platform" with password "Round-Lantern-9"
Then the answer is 401 "second_factor.required"
When laptop gets /platform/merchants
Then the answer is 401 "session.required"
When laptop types the app's code
Then the answer is 200
When laptop gets /platform/merchants
Then the answer is 200
