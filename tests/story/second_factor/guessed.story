Story: codes cannot be guessed, neither in one sign-in nor over many

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei uses an authenticator app
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
And thief types the code "000001"
And thief types the code "000002"
And thief types the code "000003"
And thief types the code "000004"
And thief types the code "000005"
Then the answer is 401 "second_factor.wrong"
When thief types the code "000006"
Then the answer is 401 "second_factor.expired"
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
And thief types the app's code
Then the answer is 429 "session.throttled"
