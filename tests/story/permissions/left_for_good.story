Story: who leaves the company is signed out at once

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
When mei posts /staff/$staff.wang/leave
  { "version": 1 }
Then the answer is 200
And answer.state is left
And "staff.left" was recorded once by mei
When wang gets /session
Then the answer is 401 "session.required"
And nothing was written and nothing was published
When mei gets /staff?state=active
Then answer.total is 1
