Story: a changed password is told to whose it is, and to nobody else

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When 25 hours pass
And mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
Given a store "S1"
And li works at store "S1" and may staff.view
When mei posts /session/password
  { "current_password": "wrong-one", "new_password": "Bright-Morning-9" }
Then the answer is 422 "input.invalid"
When mei gets /notices
Then answer.unread_count is 1
When mei posts /session/password
  { "current_password": "Quiet-Harbour-7", "new_password": "Bright-Morning-9" }
Then the answer is 204
And "session.password_changed" was recorded once
And "notice.told" was published once
When mei gets /notices
Then answer.unread_count is 2
And answer.items[0].kind is "password.changed"
When li gets /notices
Then answer.unread_count is 0
