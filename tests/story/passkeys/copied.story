Story: a counter that goes back is a copied passkey: refused, marked, recorded, and never taken again

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei keeps a passkey on the laptop
When thief signs in with the passkey on the laptop with the counter set back
Then the answer is 401 "passkey.refused"
And "passkey.doubted" was recorded once
And "session.refused" was recorded once
And "session.opened" was recorded never
When mei signs in with the passkey on the laptop
Then the answer is 401 "passkey.refused"
When mei gets /session/safety
Then the answer is 200
And answer.passkeys[0].doubted is true
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "second_factor.required"
And the answer complains about "second_factor": "recovery"
