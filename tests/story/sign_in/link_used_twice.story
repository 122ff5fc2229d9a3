Story: a sign-in link opens the door once

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
When thief opens the sign-in link $link.wang
Then the answer is 401 "session.link_refused"
And "session.refused" was recorded once
And nothing was published
When mei posts /staff/$staff.wang/sign-in-link
Then the answer is 200
And the answer is called "fresh"
When phone opens the sign-in link $fresh.token
Then the answer is 200
And answer.staff.login_name is wang
And answer.permissions is ["order.view"]
When phone opens the sign-in link $fresh.token
Then the answer is 401 "session.link_refused"
