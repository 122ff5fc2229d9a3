Story: a suspended person is refused with her next request, and let in again after she is resumed

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
When wang gets /orders
Then the answer is 200
When mei posts /staff/$staff.wang/suspend
  { "version": 1 }
Then the answer is 200
And answer.state is suspended
And the answer is called "suspended"
And "staff.suspended" was recorded once by mei
When wang gets /orders
Then the answer is 401 "session.required"
And nothing was written and nothing was published
When mei posts /staff/$staff.wang/sign-in-link
Then the answer is 409 "staff.not_active"
When mei posts /staff/$staff.wang/resume
  { "version": "$suspended.version" }
Then the answer is 200
And answer.state is active
When wang gets /orders
Then the answer is 401 "session.required"
When mei posts /staff/$staff.wang/sign-in-link
Then the answer is 200
When wang opens the sign-in link $answer.token
Then the answer is 200
When wang gets /orders
Then the answer is 200
