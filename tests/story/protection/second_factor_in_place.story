Story: with an authenticator app an unusual sign-in asks for its code and nothing more

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
And 1 day passes
And mei signs in as mei of "tea" with password "Quiet-Harbour-7"
And 1 day passes
And mei signs in as mei of "tea" with password "Quiet-Harbour-7"
And 1 day passes
And mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
Given mei uses an authenticator app
When thief signs in as mei of "tea" with password "guess-1" from address 203.0.113.9
And thief signs in as mei of "tea" with password "guess-2" from address 203.0.113.9
And thief signs in as mei of "tea" with password "guess-3" from address 203.0.113.9
And thief signs in as mei of "tea" with password "guess-4" from address 203.0.113.9
And thief signs in as mei of "tea" with password "guess-5" from address 203.0.113.9
And 16 minutes pass
And phone signs in as mei of "tea" with password "Quiet-Harbour-7" from address 198.51.100.7
Then the answer is 401 "second_factor.required"
And "sign_in.unusual" was recorded once
When phone types the app's code
Then the answer is 200
