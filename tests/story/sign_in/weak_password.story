Story: a weak password is refused with everything that is wrong with it

Given a tenant "tea" owned by mei
When mei posts /session/password
  { "new_password": "mei123" }
Then the answer is 422 "input.invalid"
And the answer complains about "new_password": "password.too_short"
And the answer complains about "new_password": "password.too_simple"
And the answer complains about "new_password": "password.has_name"
And the answer never says "mei123"
And nothing was written and nothing was published
When mei posts /session/password
  { "new_password": "Password12345" }
Then the answer is 422 "input.invalid"
And the answer complains about "new_password": "password.common"
