Story: a sign-in link is good for a day, and a newer one ends the older

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
When mei posts /staff/$staff.wang/sign-in-link
Then the answer is 200
And the answer is called "first"
When mei posts /staff/$staff.wang/sign-in-link
Then the answer is 200
And the answer is called "second"
When phone opens the sign-in link $first.token
Then the answer is 401 "session.link_refused"
When 25 hours pass
And phone opens the sign-in link $second.token
Then the answer is 401 "session.link_refused"
When phone opens the sign-in link invented
Then the answer is 401 "session.link_refused"
And nothing was written
