Story: a passkey opens the console without name and password, and its private part never comes here

Given a tenant "tea" owned by mei
And mei keeps a passkey on the laptop
When phone signs in with the passkey on the laptop
Then the answer is 200
And answer.staff.login_name is mei
And answer.second_factor is true
And "session.opened" was recorded once
When phone gets /session/safety
Then the answer is 200
And answer.passkeys has 1 entries
And answer.passkeys[0].doubted is false
When phone deletes /session/passkeys/$passkey.laptop
Then the answer is 204
And "passkey.removed" was recorded once
When tablet signs in with the passkey on the laptop
Then the answer is 401 "passkey.refused"
And "session.opened" was recorded never
And "session.refused" was recorded once
