Story: the operator helps an only owner who lost her phone, and her log says so

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei uses an authenticator app
When the operator runs: staff remove-factors --tenant tea --login nobody --reason 'lost her phone'
Then the answer says "staff.not_found"
And "staff.factors_removed" was recorded never
When the operator runs: staff remove-factors --tenant tea --login mei --reason 'lost her phone'
Then the answer says "have ended"
And "staff.factors_removed" was recorded once
When mei gets /session
Then the answer is 401 "session.required"
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
And answer.second_factor is false
