Story: after ninety days a password opens nothing but its own change

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When 77 days pass
And phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
And answer.password.state is expiring
When phone gets /staff
Then the answer is 200
When 14 days pass
And phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
And answer.password.state is expired
And answer.permissions has no entries
When phone gets /staff
Then the answer is 403 "permission.denied"
When phone posts /session/password
  { "current_password": "Quiet-Harbour-7", "new_password": "Bright-Morning-9" }
Then the answer is 204
When phone gets /staff
Then the answer is 200
