Story: a passkey stands in for the authenticator app, that of another person does not

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And mei keeps a passkey on the laptop
And wang works at store "S1" and may order.view
And wang keeps a passkey on the tablet
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "second_factor.required"
And the answer complains about "second_factor": "passkey"
When phone goes on with the passkey on the tablet
Then the answer is 401 "second_factor.wrong"
And "session.opened" was recorded never
When phone goes on with the passkey on the laptop without her finger
Then the answer is 200
And "session.opened" was recorded once
When phone goes on with the passkey on the laptop
Then the answer is 401 "second_factor.expired"
