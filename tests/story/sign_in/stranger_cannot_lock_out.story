Story: a stranger who guesses locks himself out, not the owner at her own browser

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When stranger signs in as mei of "tea" with password "guess-1" from address 203.0.113.9
And stranger signs in as mei of "tea" with password "guess-2" from address 203.0.113.9
And stranger signs in as mei of "tea" with password "guess-3" from address 203.0.113.9
And stranger signs in as mei of "tea" with password "guess-4" from address 203.0.113.9
And stranger signs in as mei of "tea" with password "guess-5" from address 203.0.113.9
Then the answer is 401 "session.refused"
And "session.locked" was recorded once
When stranger signs in as mei of "tea" with password "Quiet-Harbour-7" from address 203.0.113.9
Then the answer is 429 "session.throttled"
And nothing was written and nothing was published
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When stranger signs in as mei of "tea" with password "Quiet-Harbour-7" from address 203.0.113.9
Then the answer is 429 "session.throttled"
