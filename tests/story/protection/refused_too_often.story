Story: who keeps trying what she may not do is noticed, thrown out, and locked; each once

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And wang works at store "S1" and may order.view
And wang's password is "Green-Kettle-42"
When wang asks 9 times for /roles
Then the answer is 403 "permission.denied"
And "violations.alerted" was recorded never
When wang asks once more for /roles
Then "violations.alerted" was recorded once
When wang asks 9 times for /roles
Then the answer is 403 "permission.denied"
And "violations.alerted" was recorded never
And "violations.sessions_ended" was recorded never
When wang asks once more for /roles
Then "violations.sessions_ended" was recorded once
When wang gets /orders
Then the answer is 401 "session.required"
When wang signs in as wang of "tea" with password "Green-Kettle-42"
Then the answer is 200
When wang asks 29 times for /roles
Then "violations.account_locked" was recorded never
When wang asks once more for /roles
Then "violations.account_locked" was recorded once
When wang gets /orders
Then the answer is 401 "session.required"
When wang signs in as wang of "tea" with password "Green-Kettle-42"
Then the answer is 401 "session.refused"
When mei gets /lock-outs
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].kind is account
And answer.items[0].staff.login_name is wang
And answer.items[0].failures_count is 50
And answer.items[0].last_route is role.list
When mei posts /lock-outs/$staff.wang/unlock
  { "reason": "Her till was misused; she has a new password" }
Then the answer is 204
And "lock_out.ended" was recorded once by mei
When wang signs in as wang of "tea" with password "Green-Kettle-42"
Then the answer is 200
When wang asks 9 times for /roles
Then "violations.alerted" was recorded never
