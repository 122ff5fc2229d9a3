Story: a recovery code opens once, and stands nowhere

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei uses an authenticator app
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
And phone types the code "$recovery"
Then the answer is 200
When tablet signs in as mei of "tea" with password "Quiet-Harbour-7"
And tablet types the code "$recovery"
Then the answer is 401 "second_factor.wrong"
And the files on disk never hold "$recovery"
