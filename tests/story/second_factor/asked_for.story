Story: with an authenticator app the password alone opens nothing, and no code works twice

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei uses an authenticator app
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "second_factor.required"
And the answer complains about "second_factor": "totp"
And "session.opened" was recorded never
When phone gets /session
Then the answer is 401 "session.required"
When phone types the code "000000"
Then the answer is 401 "second_factor.wrong"
And "session.refused" was recorded once
When phone types the app's code
Then the answer is 200
And answer.second_factor is true
And "session.opened" was recorded once
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
And thief types the app's code
Then the answer is 401 "second_factor.wrong"
And the files on disk never hold "$app"
