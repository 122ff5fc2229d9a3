Story: a name that nobody has is answered like one that somebody has, also when it is tried too often

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When stranger signs in as nobody of "tea" with password "guess-1"
Then the answer is 401 "session.refused"
When stranger signs in as nobody of "tea" with password "guess-2"
And stranger signs in as nobody of "tea" with password "guess-3"
And stranger signs in as nobody of "tea" with password "guess-4"
And stranger signs in as nobody of "tea" with password "guess-5"
Then the answer is 401 "session.refused"
When stranger signs in as nobody of "tea" with password "guess-6"
Then the answer is 429 "session.throttled"
When stranger signs in as nobody of "nowhere" with password "guess-1"
Then the answer is 401 "session.refused"
