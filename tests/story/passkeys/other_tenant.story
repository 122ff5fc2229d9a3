Story: a passkey opens the merchant it was made for, and ends with a frozen one

Given a tenant "tea" owned by mei
And mei keeps a passkey on the laptop
And a tenant "coffee" owned by tom
When tom deletes /session/passkeys/$passkey.laptop
Then the answer is 404 "passkey.not_found"
And nothing was published
When the operator runs: tenant freeze tea --reason unpaid
And phone signs in with the passkey on the laptop
Then the answer is 403 "tenant.frozen"
And "session.opened" was recorded never
