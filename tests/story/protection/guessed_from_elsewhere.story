Story: who guessed a password does not get in from elsewhere, and its owner is not kept out by that

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And wang works at store "S1" and may order.view
And wang's password is "Green-Kettle-42"
When wang signs in as wang of "tea" with password "Green-Kettle-42"
And 1 day passes
And wang signs in as wang of "tea" with password "Green-Kettle-42"
And 1 day passes
And wang signs in as wang of "tea" with password "Green-Kettle-42"
And 1 day passes
And wang signs in as wang of "tea" with password "Green-Kettle-42"
Then the answer is 200
And "sign_in.unusual" was recorded never
When thief signs in as wang of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-2" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-3" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-4" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-5" from address 203.0.113.9
And 16 minutes pass
And thief signs in as wang of "tea" with password "Green-Kettle-42" from address 203.0.113.9
Then the answer is 403 "second_factor.missing"
And "sign_in.unusual" was recorded once
And "session.opened" was recorded never
When thief gets /session
Then the answer is 401 "session.required"
# At her own browser nothing keeps her out, and she is told.
When wang signs in as wang of "tea" with password "Green-Kettle-42"
Then the answer is 200
And "sign_in.unusual" was recorded never
When wang gets /notices
Then answer.items[0].kind is "sign_in.unusual"
And answer.items[1].kind is "account.locked"
# With a new telephone elsewhere, the way in is a link from somebody who may.
When thief signs in as wang of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-2" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-3" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-4" from address 203.0.113.9
And thief signs in as wang of "tea" with password "guess-5" from address 203.0.113.9
And 31 minutes pass
And phone signs in as wang of "tea" with password "Green-Kettle-42" from address 198.51.100.7
Then the answer is 403 "second_factor.missing"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
And mei posts /staff/$staff.wang/sign-in-link
Then the answer is 200
When phone opens the sign-in link $answer.token
Then the answer is 200
And "session.opened" was recorded once
When mei gets /sign-ins?unusual=true
Then the answer is 200
And answer.items[0].staff.login_name is wang
And answer.items[0].reason is second_factor_missing
And answer.items[0].network is "198.51.100.0/24"
And answer.items[0].risks contains new_network
And answer.items[0].risks contains after_failures
