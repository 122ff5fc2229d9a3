Story: every attempt to get in is recorded with the way it was made, and never with what was typed

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And mei uses an authenticator app
When stranger signs in as mei of "tea" with password "Loud-Harbour-8" from address 203.0.113.9
Then "session.refused" was recorded once
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
And phone types the code "913572"
Then "session.refused" was recorded once
When phone types the app's code
Then "session.opened" was recorded once
When phone posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then "session.verified" was recorded once
When phone signs out
Then "session.closed" was recorded once
When mei gets /audit-records?action=session.refused
Then answer.total is 2
And answer.items[1].address is 203.0.113.9
And answer.items[1].subject.id is $staff.mei
And the answer says "password+code"
And the answer never says "913572"
When mei gets /audit-records?action=session.opened
Then the answer says "password+totp"
When mei gets /session/safety
Then answer.sign_ins[0].result is opened
And answer.sign_ins[0].method is "password+totp"
And answer.sign_ins[2].result is challenged
And answer.sign_ins[3].result is refused
And answer.sign_ins[3].address is 203.0.113.9
And the files on disk never hold "Loud-Harbour-8"
And the server's log never says "Loud-Harbour-8"
