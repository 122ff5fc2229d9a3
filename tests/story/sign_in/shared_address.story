Story: who guesses from the network of a shop shuts out strangers there, not the browsers that people have used

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And the setting "identity.address_attempts_max" is "5"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7" from address 203.0.113.9
Then the answer is 200
When thief signs in as somebody1 of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as somebody2 of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as somebody3 of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as somebody4 of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as somebody5 of "tea" with password "guess-1" from address 203.0.113.9
Then the answer is 401 "session.refused"
When thief signs in as somebody6 of "tea" with password "guess-1" from address 203.0.113.9
Then the answer is 429 "session.throttled"
When phone signs in as mei of "tea" with password "Quiet-Harbour-7" from address 203.0.113.9
Then the answer is 429 "session.throttled"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7" from address 203.0.113.9
Then the answer is 200
# Also with the second step, which she sets up at home.
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Given mei uses an authenticator app
When mei signs in as mei of "tea" with password "Quiet-Harbour-7" from address 203.0.113.9
Then the answer is 401 "second_factor.required"
When mei posts /session/second-factor from address 203.0.113.9
  { "code": "$recovery" }
Then the answer is 200
# A cookie that only looks like one of a known browser helps nobody.
When thief has a copy of mei's cookie
And thief signs in as wang of "tea" with password "guess-1" from address 203.0.113.9
Then the answer is 429 "session.throttled"
