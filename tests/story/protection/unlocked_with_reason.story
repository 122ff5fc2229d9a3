Story: a lock-out is ended by somebody who may, just proved, with a reason

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And wang works at store "S1" and may safety.unlock, safety.locks, safety.ledger
And li works at headquarters and may order.view
And li's password is "Green-Kettle-42"
When stranger signs in as li of "tea" with password "guess-1" from address 203.0.113.9
And stranger signs in as li of "tea" with password "guess-2" from address 203.0.113.9
And stranger signs in as li of "tea" with password "guess-3" from address 203.0.113.9
And stranger signs in as li of "tea" with password "guess-4" from address 203.0.113.9
And stranger signs in as li of "tea" with password "guess-5" from address 203.0.113.9
And phone signs in as li of "tea" with password "Green-Kettle-42"
Then the answer is 429 "session.throttled"
When li gets /lock-outs
Then the answer is 403 "permission.denied"
# The right at one store does not reach what concerns the whole company.
When wang gets /lock-outs
Then the answer is 403 "permission.outside_scope"
When wang gets /sign-ins
Then the answer is 403 "permission.outside_scope"
When wang posts /lock-outs/$staff.li/unlock
  { "reason": "a friend" }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When mei gets /lock-outs
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].kind is strangers
And answer.items[0].staff.login_name is li
And answer.items[0].failures_count is 5
When mei posts /lock-outs/$staff.li/unlock
  { "reason": "" }
Then the answer is 422 "input.invalid"
When 6 minutes pass
And mei posts /lock-outs/$staff.li/unlock
  { "reason": "She called from the shop" }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
And mei posts /lock-outs/$staff.li/unlock
  { "reason": "She called from the shop" }
Then the answer is 204
And "lock_out.ended" was recorded once by mei
When phone signs in as li of "tea" with password "Green-Kettle-42"
Then the answer is 200
When mei posts /lock-outs/$staff.li/unlock
  { "reason": "once more" }
Then the answer is 404 "lock_out.not_found"
