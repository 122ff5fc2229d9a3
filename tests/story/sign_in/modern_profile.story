Story: under the profile "modern" only length counts, and a password lasts

Given a tenant "tea" owned by mei
And the setting "identity.password_profile" is "modern"
When mei posts /session/password
  { "new_password": "fourteen chars" }
Then the answer is 422 "input.invalid"
And the answer complains about "new_password": "password.too_short"
When mei posts /session/password
  { "new_password": "only small letters" }
Then the answer is 204
When 400 days pass
And phone signs in as mei of "tea" with password "only small letters"
Then the answer is 200
And answer.password.state is good
And answer.permissions contains order.view
# Also here nothing that everybody would try, and no name.
When phone posts /session/password
  { "current_password": "only small letters", "new_password": "passwordpassword" }
Then the answer complains about "new_password": "password.common"
When phone posts /session/password
  { "current_password": "only small letters", "new_password": "mei mei mei mei mei" }
Then the answer complains about "new_password": "password.has_name"
# Changed whenever she likes.
When phone posts /session/password
  { "current_password": "only small letters", "new_password": "another long sentence" }
Then the answer is 204
When phone posts /session/password
  { "current_password": "another long sentence", "new_password": "yet another sentence" }
Then the answer is 204
