Story: whichever part is wrong, the answer is the same, so nobody learns which

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When stranger signs in as mei of "tea" with password "Loud-Harbour-7"
Then the answer is 401 "session.refused"
And the answer is called "wrong_password"
And "session.refused" was recorded once
And nothing was published
When stranger signs in as nobody of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "session.refused"
And the answer is the same as $wrong_password
And "session.refused" was recorded once
When stranger signs in as mei of "coffee" with password "Quiet-Harbour-7"
Then the answer is 401 "session.refused"
And the answer is the same as $wrong_password
And nothing was written
When stranger gets /session
Then the answer is 401 "session.required"
