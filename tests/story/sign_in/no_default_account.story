Story: a new house has its owner and nobody else, and no password opens it before she sets one

Given a tenant "tea" owned by mei
When mei gets /staff
Then answer.total is 1
And answer.items[0].login_name is mei
When mei gets /app-keys
Then answer.total is 0
When stranger signs in as admin of "tea" with password "admin"
Then the answer is 401 "session.refused"
When stranger signs in as root of "tea" with password "root"
Then the answer is 401 "session.refused"
When stranger signs in as owner of "tea" with password "owner"
Then the answer is 401 "session.refused"
When stranger signs in as mei of "tea" with password "mei"
Then the answer is 401 "session.refused"
When stranger posts /session
  { "tenant_code": "tea", "login_name": "mei", "password": "" }
Then the answer is 422 "input.invalid"
When stranger posts /session
  { "tenant_code": "tea", "login_name": "mei" }
Then the answer is 422 "input.invalid"
And the answer complains about "password": "field.required"
