Story: after five wrong passwords the account rests for a quarter of an hour, even for the right one

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When stranger signs in as mei of "tea" with password "guess-1"
Then the answer is 401 "session.refused"
When stranger signs in as mei of "tea" with password "guess-2"
Then the answer is 401 "session.refused"
When stranger signs in as mei of "tea" with password "guess-3"
Then the answer is 401 "session.refused"
When stranger signs in as mei of "tea" with password "guess-4"
Then the answer is 401 "session.refused"
When stranger signs in as mei of "tea" with password "guess-5"
Then the answer is 401 "session.refused"
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 429 "session.throttled"
And nothing was published
When 16 minutes pass
And phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
