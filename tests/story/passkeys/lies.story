Story: an answer for another page, another site or without her finger opens nothing

Given a tenant "tea" owned by mei
And mei keeps a passkey on the laptop
When thief signs in with the passkey on the laptop made for another page
Then the answer is 401 "passkey.refused"
And "session.opened" was recorded never
And "session.refused" was recorded once
And nothing was published
When thief signs in with the passkey on the laptop made for another site
Then the answer is 401 "passkey.refused"
And "session.opened" was recorded never
When thief signs in with the passkey on the laptop without her finger
Then the answer is 401 "passkey.refused"
And "session.opened" was recorded never
When thief gets /session
Then the answer is 401 "session.required"
