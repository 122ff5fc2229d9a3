Story: an overheard answer opens nothing, neither from the same browser nor from another

Given a tenant "tea" owned by mei
And mei keeps a passkey on the laptop
When phone signs in with the passkey on the laptop
Then the answer is 200
When thief sends the same passkey answer again
Then the answer is 401 "passkey.refused"
When thief has a copy of phone's cookie
And thief sends the same passkey answer again
Then the answer is 401 "passkey.refused"
And "session.opened" was recorded never
